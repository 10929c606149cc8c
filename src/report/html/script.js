"use strict";
(() => {
  const page = document.documentElement;
  const steps = JSON.parse(document.getElementById("steps").textContent);
  const status = document.getElementById("status");
  const boxes = new Map();
  for (const box of document.querySelectorAll("input[data-step]")) {
    const id = box.dataset.step;
    if (!boxes.has(id)) boxes.set(id, []);
    boxes.get(id).push(box);
  }
  const keyOf = (step) => "rosterctl " + step.workspace + " " + step.plan;
  // The ticks that the browser does not keep.
  const memory = new Map();
  // Why ticks would be lost; it stays in sight, whatever is said after it, until the ticks are downloaded.
  let warning = "";

  function say(text) {
    status.textContent = [warning, text].filter((part) => part !== "").join(" ");
  }

  function read(key) {
    if (memory.has(key)) return memory.get(key);
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "{}");
      return kept && typeof kept === "object" ? kept : {};
    } catch {
      return {};
    }
  }

  function write(key, ticks) {
    try {
      localStorage.setItem(key, JSON.stringify(ticks));
      memory.delete(key);
    } catch {
      memory.set(key, ticks);
      warning = "This browser keeps no ticks for this page. Download them before you close it.";
      say("");
    }
  }

  // A tick keeps when the plan of its page was made: the same plan, made again later, has the same ticks.
  // A list that was taken after the tick, and of which this page was made, shows that the step was not done.
  const boxOf = (step) => (boxes.get(step.id) || []).find((box) => box.dataset.workspace === step.workspace);
  const keptOf = (step) => {
    const kept = read(keyOf(step))[step.id];
    if (!kept || typeof kept !== "object" || !Number.isSafeInteger(kept.at) || !Number.isSafeInteger(kept.as_of)) return null;
    const box = boxOf(step);
    return box && box.dataset.notDone !== undefined && kept.at <= Number(box.dataset.notDone) ? null : kept;
  };
  const tickOf = (step) => (keptOf(step) ? keptOf(step).at : null);

  function show() {
    let done = 0;
    for (const step of steps) {
      const isDone = tickOf(step) !== null;
      if (isDone) done += 1;
      for (const box of boxes.get(step.id) || []) {
        if (box.dataset.workspace !== step.workspace) continue;
        box.checked = isDone;
        box.closest(".step").classList.toggle("done", isDone);
      }
    }
    const bar = document.getElementById("bar");
    bar.max = Math.max(steps.length, 1);
    bar.value = done;
    document.getElementById("count").textContent = done + " of " + steps.length + (steps.length === 1 ? " step done" : " steps done");
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.dataset || !box.dataset.step) return;
    const step = steps.find((one) => one.id === box.dataset.step && one.workspace === box.dataset.workspace);
    if (!step) return;
    const ticks = read(keyOf(step));
    if (box.checked) ticks[step.id] = { at: Date.now(), as_of: step.as_of };
    else delete ticks[step.id];
    write(keyOf(step), ticks);
    show();
  });

  async function copy(text, button) {
    let isCopied = false;
    try {
      await navigator.clipboard.writeText(text);
      isCopied = true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      isCopied = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    const shown = text.length > 60 ? text.slice(0, 60) + "…" : text;
    say(isCopied ? "Copied: " + shown : "This browser does not let the page copy: select the text instead.");
    if (!isCopied) return;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  function download() {
    const made = (step) => ({ ...step, as_of: Math.min(step.as_of, keptOf(step).as_of) });
    const ticks = steps.filter((step) => tickOf(step) !== null).map((step) => ({ step: made(step), at: tickOf(step) }));
    const file = { rosterctl: "ticks 1", left: steps.length - ticks.length, ticks };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: "application/json" }));
    const names = [...new Set(steps.map((step) => step.workspace))];
    link.download = (names.length === 1 ? names[0] : "roster") + "-ticks.json";
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    warning = "";
    say("Downloaded " + link.download);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "download") download();
    else if (button.id === "hide") {
      const hides = page.classList.toggle("hide-done");
      button.setAttribute("aria-pressed", String(hides));
    } else if (button.dataset.copy !== undefined) copy(button.dataset.copy, button);
  });
  window.addEventListener("storage", show);
  page.classList.add("js");
  show();
})();
