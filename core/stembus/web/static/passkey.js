// Lets a form be sent with the answer of a passkey. Without this script the page offers its other ways.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const found = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  const { response } = found;
  return {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports ? response.getTransports() : [],
    of: found,
  };
}

async function shown(options) {
  const found = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) },
  });
  const { response } = found;
  return {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
    of: found,
  };
}

async function send(form) {
  const token = form.elements.csrf_token.value;
  const asked = await fetch(form.dataset.question, { method: "POST", body: new URLSearchParams({ csrf_token: token }) });
  if (!asked.ok) {
    throw new Error("the question was refused");
  }
  const { of, ...response } = await (form.dataset.passkey === "create" ? made : shown)(await asked.json());
  form.elements.answer.value = JSON.stringify({ id: of.id, rawId: text(of.rawId), type: of.type, response });
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  if (!window.PublicKeyCredential) {
    continue;
  }
  form.hidden = false;
  for (const without of document.querySelectorAll("[data-without]")) {
    without.hidden = true;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    failed.hidden = true;
    send(form).catch((error) => {
      // A browser says so of a device that holds one of the keys of before (WebAuthn Level 3, 5.1.3).
      const why = error.name === "InvalidStateError" ? "known" : "other";
      for (const words of failed.querySelectorAll("[data-why]")) {
        words.hidden = words.dataset.why !== why;
      }
      failed.hidden = false;
      failed.focus();
    });
  });
}
