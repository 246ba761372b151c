// Where blocks stand, a message or a view, and what has been entered there so far.
import { post } from "./lib.js";

export class Place {
  // `where` is {view} or {channel, ts}; `report` is told how an act went.
  constructor(user, where, people, report) {
    Object.assign(this, { user, where, people, report });
    this.entered = {};
    this.server = {};
  }

  value(block, action) {
    // a cleared field is entered as null and must not fall back to what the desk knew
    const entered = this.entered[block];
    return entered && action in entered ? entered[action] : this.server[block]?.[action];
  }

  set(block, action, value) {
    (this.entered[block] ??= {})[action] = value;
  }

  // Everything that stands in these blocks, as the desk wants it: {block_id: {action_id: value}}.
  values(blocks) {
    const found = {};
    for (const block of blocks) if (this.entered[block.block_id]) found[block.block_id] = this.known(block);
    return found;
  }

  known(block) {
    const here = [block.element, block.accessory, ...(block.elements ?? [])].map((each) => each?.action_id);
    return Object.fromEntries(Object.entries(this.entered[block.block_id]).filter(([action]) => here.includes(action)));
  }

  forget(blocks) {
    const ids = new Set(blocks.map((block) => block.block_id));
    for (const id of Object.keys(this.entered)) if (!ids.has(id)) delete this.entered[id];
  }

  // `seen` is the button as it stood here: the message may have been drawn anew meanwhile.
  async press(block, action, value, seen) {
    const body = { ...this.where, block_id: block, action_id: action, value, seen, values: this.values(this.blocks ?? []) };
    this.report(await post(`/desk/people/${this.user}/press`, body));
  }

  async suggest(block, action, typed) {
    const answer = await post(`/desk/people/${this.user}/suggest`, { ...this.where, block_id: block, action_id: action, typed });
    if (answer.error) this.report(answer);
    return answer.options ?? [];
  }
}
