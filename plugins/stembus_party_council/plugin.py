"""The hooks that this plugin implements."""
