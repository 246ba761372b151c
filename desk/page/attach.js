// The paperclip at the line in which one writes: a file for the bot.
const MOST = 20;

export function attach({ button, input, send, report }) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    // so that the same file can be picked again
    input.value = "";
    if (!file) return;
    const fits = file.size <= MOST * 1024 * 1024;
    await report(fits ? await send(file) : { error: `${file.name} is larger than ${MOST} MB, and was not sent` });
    button.focus();
  });
}
