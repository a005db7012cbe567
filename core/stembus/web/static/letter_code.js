// The QR code in a letter brings the code along after the #: put it into the field, and out of the address.
const field = document.querySelector("input[name=code]");
const code = decodeURIComponent(location.hash.slice(1));
if (field && /^[0-9A-Z-]{20,29}$/i.test(code)) {
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
