// A button that prints the page.
const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
