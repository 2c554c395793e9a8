// Finding things on the page.
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const one = (selector, within = document) => within.querySelector(selector);
export const paneOf = (node) => node.closest(".pane");
export const panes = () => all("#panes > .pane");
