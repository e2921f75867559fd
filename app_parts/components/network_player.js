// People around a cascade and the posts that travelled. What is drawn is a function of one number:
// the time in weeks since the first post. Nothing is asked of any server; texts come as data and
// are written as text, never as HTML.

const SECONDS_A_WEEK = 3.4, NOT_BOUGHT = 65535, FIRST_OF_WEEK = 20;
const still = matchMedia("(prefers-reduced-motion: reduce)");

function numbers(text, width) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  const all = new Uint16Array(bytes.buffer);
  return { width, count: all.length / width, at: (row, column) => all[row * width + column], all };
}

// A fixed number in 0..1 for each event, so that posts of a week do not march in step.
function scatter(k) { const x = Math.sin(k * 12.9898 + 78.233) * 43758.5453; return x - Math.floor(x); }
const ease = (x) => x * x * (3 - 2 * x);
// Links bend a little, so that those between the same places can be told apart.
const bend = (from, to) => [(from[0] + to[0]) / 2 + (to[1] - from[1]) * 0.13, (from[1] + to[1]) / 2 - (to[0] - from[0]) * 0.13];
const along = (from, by, to, s) => [0, 1].map((k) => (1 - s) * ((1 - s) * from[k] + 2 * s * by[k]) + s * s * to[k]);
const clip = (x) => Math.max(0, Math.min(1, x));

class Player {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(name);
    this.canvas = this.part("canvas");
    this.pen = this.canvas.getContext("2d");
    this.time = 0; this.playing = false; this.visible = true;
    this.on(this.part(".play"), "click", () => this.toggle());
    this.on(this.part(".back"), "click", () => this.step(-1));
    this.on(this.part(".forward"), "click", () => this.step(1));
    const scrub = this.part(".scrub");
    this.on(scrub, "input", () => { this.pause(); this.go(scrub.value / FIRST_OF_WEEK); });
    this.on(scrub, "keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (by) { event.preventDefault(); this.step(by); }
      if (event.key === " ") { event.preventDefault(); this.toggle(); }
    });
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.canvas);
    this.sight = new IntersectionObserver((seen) => { this.visible = seen[seen.length - 1].isIntersecting; });
    this.sight.observe(this.canvas);
  }

  on(place, kind, act) { (this.ends ||= []).push(() => place.removeEventListener(kind, act)); place.addEventListener(kind, act); }

  show(data) {
    this.look = data.look;
    this.say = data.texts;
    if (data.id !== this.id) {
      this.id = data.id; this.pause(); this.time = 0;
      const c = data.columns;
      this.x = numbers(c.x, 1); this.y = numbers(c.y, 1); this.generation = numbers(c.generation, 1);
      this.ties = numbers(c.ties, 2); this.posts = numbers(c.posts, 3); this.reads = numbers(c.reads, 3);
      this.orders = numbers(c.orders, 4); this.otherPosts = numbers(c.other_posts, 3);
      this.otherOrders = numbers(c.other_orders, 3);
      this.weeks = data.weeks; this.root_person = data.root;
      this.plan();
    }
    this.canvas.setAttribute("aria-label", this.say.alt);
    this.part(".back").setAttribute("aria-label", this.say.back);
    this.part(".forward").setAttribute("aria-label", this.say.forward);
    const scrub = this.part(".scrub");
    scrub.max = this.weeks.length * FIRST_OF_WEEK;
    scrub.setAttribute("aria-label", this.say.scrub);
    this.legend(); this.counters(); this.fit(); this.tell();
  }

  // When each event happens: reads early in their week, sales after them, new posts at its end.
  plan() {
    const { reads, orders, posts } = this;
    this.readAt = Float32Array.from({ length: reads.count }, (_, k) => reads.at(k, 0) + 0.05 + 0.45 * scatter(k));
    this.orderAt = Float32Array.from({ length: orders.count }, (_, k) => orders.at(k, 0) + 0.5 + 0.22 * scatter(k));
    this.postAt = Float32Array.from({ length: posts.count }, (_, k) => posts.at(k, 0) + 0.78 + 0.14 * scatter(k));
    if (posts.count) this.postAt[0] = 0.1;
    this.reached = new Float32Array(this.x.count).fill(Infinity);
    for (let k = 0; k < reads.count; k++) {
      const who = reads.at(k, 2);
      this.reached[who] = Math.min(this.reached[who], this.readAt[k] + 0.14);
    }
    this.bought = new Float32Array(this.x.count).fill(Infinity);
    for (let k = 0; k < orders.count; k++) {
      const who = orders.at(k, 2);
      this.bought[who] = Math.min(this.bought[who], this.orderAt[k]);
    }
    this.bought[this.root_person] = 0;
  }

  fit() {
    const box = this.canvas.getBoundingClientRect();
    if (!box.width || !this.x) return;
    const dots = Math.min(window.devicePixelRatio || 1, 2);
    this.wide = box.width; this.high = box.height;
    this.canvas.width = Math.round(box.width * dots); this.canvas.height = Math.round(box.height * dots);
    this.dots = dots;
    this.ground(); this.draw();
  }

  place(person) {
    const side = Math.min(this.wide, this.high * 1.32), edge = 26, stretch = Math.min(this.wide / this.high, 1.32);
    const across = Math.min(this.wide, side) - 2 * edge, down = across / stretch;
    return [this.wide / 2 + (this.x.all[person] / 65535 - 0.5) * across, this.high / 2 + (this.y.all[person] / 65535 - 0.5) * Math.min(down, this.high - 2 * edge)];
  }

  ink(name) { return getComputedStyle(this.root).getPropertyValue(name).trim() || "#888"; }

  // Ties never move: drawn once, off screen.
  ground() {
    this.text = this.ink("--st-text-color");
    this.back = document.createElement("canvas");
    this.back.width = this.canvas.width; this.back.height = this.canvas.height;
    const pen = this.back.getContext("2d");
    pen.scale(this.dots, this.dots);
    pen.strokeStyle = this.text; pen.globalAlpha = 0.075; pen.lineWidth = 0.7;
    pen.beginPath();
    this.spots = Array.from({ length: this.x.count }, (_, person) => this.place(person));
    for (let k = 0; k < this.ties.count; k++) {
      pen.moveTo(...this.spots[this.ties.at(k, 0)]); pen.lineTo(...this.spots[this.ties.at(k, 1)]);
    }
    pen.stroke();
  }

  draw() {
    const { pen, spots, time, look } = this;
    if (!spots) return;
    pen.setTransform(this.dots, 0, 0, this.dots, 0, 0);
    pen.clearRect(0, 0, this.wide, this.high);
    pen.drawImage(this.back, 0, 0, this.wide, this.high);
    const small = this.wide < 520 ? 0.8 : 1;
    this.drawOthers(pen, small);
    this.drawPeople(pen, small);
    this.drawTree(pen, small);
    if (!still.matches) this.drawTravelling(pen, small);
    this.drawSharers(pen, small);
    pen.globalAlpha = 1;
    const week = Math.min(Math.floor(time), this.weeks.length - 1);
    this.part(".week").textContent = this.say.week.replace("{week}", this.weeks[week].week);
    this.count();
  }

  drawPeople(pen, small) {
    const { spots, time, text } = this;
    pen.fillStyle = text;
    for (const [alpha, seen] of [[0.2, false], [0.62, true]]) {
      pen.globalAlpha = alpha; pen.beginPath();
      for (let k = 0; k < spots.length; k++) {
        if ((this.reached[k] <= time) !== seen || this.bought[k] <= time) continue;
        const [x, y] = spots[k]; pen.moveTo(x + 2.2 * small, y); pen.arc(x, y, 2.2 * small, 0, 6.2832);
      }
      pen.fill();
    }
  }

  drawOthers(pen, small) {
    const { spots, time, text } = this;
    pen.strokeStyle = text; pen.lineWidth = 1.1;
    for (let k = 0; k < this.otherPosts.count; k++) {
      const age = time - this.otherPosts.at(k, 0) - 0.9 * scatter(k + 0.5);
      if (age < 0 || age > 0.3) continue;
      pen.globalAlpha = 0.4 * (1 - age / 0.3);
      const [x, y] = spots[this.otherPosts.at(k, 1)];
      pen.beginPath(); pen.arc(x, y, (3 + 16 * age) * small, 0, 6.2832); pen.stroke();
    }
    for (let k = 0; k < this.otherOrders.count; k++) {
      const age = time - this.otherOrders.at(k, 0) - 0.9 * scatter(k + 0.25);
      if (age < 0 || age > 0.35) continue;
      pen.globalAlpha = 0.35 * (1 - age / 0.35);
      pen.beginPath(); this.link(pen, spots[this.otherOrders.at(k, 1)], spots[this.otherOrders.at(k, 2)]);
    }
  }

  drawTree(pen, small) {
    const { spots, time, look } = this;
    pen.strokeStyle = look.market; pen.lineWidth = 1.7 * small;
    for (let k = 0; k < this.orders.count; k++) {
      if (this.orderAt[k] > time) continue;
      pen.globalAlpha = 0.75; pen.beginPath();
      this.link(pen, spots[this.orders.at(k, 1)], spots[this.orders.at(k, 2)]);
    }
    pen.globalAlpha = 1; pen.fillStyle = look.market; pen.strokeStyle = this.ink("--st-secondary-background-color"); pen.lineWidth = 1.2;
    for (let k = 0; k < spots.length; k++) {
      if (this.bought[k] > time) continue;
      const fresh = clip(1 - (time - this.bought[k]) / 0.3), size = (4.4 + (k === this.root_person ? 2.4 : 0) + 3.5 * fresh) * small;
      pen.beginPath(); pen.arc(...spots[k], size, 0, 6.2832); pen.fill(); pen.stroke();
    }
    pen.strokeStyle = this.text; pen.lineWidth = 2;
    pen.beginPath(); pen.arc(...spots[this.root_person], 10.5 * small, 0, 6.2832); pen.stroke();
  }

  link(pen, from, to) { pen.moveTo(...from); pen.quadraticCurveTo(...bend(from, to), ...to); pen.stroke(); }

  drawTravelling(pen, small) {
    const { spots, time, look } = this;
    const dot = (from, to, share, size, by) => {
      const [x, y] = along(from, by || bend(from, to), to, share);
      pen.moveTo(x + size, y); pen.arc(x, y, size, 0, 6.2832);
    };
    pen.globalAlpha = 0.55; pen.fillStyle = this.text; pen.beginPath();
    for (let k = 0; k < this.reads.count; k++) {
      const age = (time - this.readAt[k]) / 0.14;
      if (age > 0 && age < 1) dot(spots[this.reads.at(k, 1)], spots[this.reads.at(k, 2)], ease(age), 1.5 * small);
    }
    pen.fill();
    pen.globalAlpha = 1; pen.fillStyle = look.reward; pen.strokeStyle = this.text; pen.lineWidth = 0.6; pen.beginPath();
    for (let k = 0; k < this.orders.count; k++) {
      const age = (time - this.orderAt[k] - 0.04) / 0.2;
      const buyer = spots[this.orders.at(k, 2)], sharer = spots[this.orders.at(k, 1)];
      if (age > 0 && age < 1) dot(buyer, sharer, ease(age), 4 * small, bend(sharer, buyer));
    }
    pen.fill(); pen.stroke();
  }

  drawSharers(pen, small) {
    const { spots, time, look } = this;
    pen.strokeStyle = look.market; pen.lineWidth = 1.6;
    for (let k = 0; k < this.posts.count; k++) {
      const age = (time - this.postAt[k]) / 0.45;
      if (age < 0 || age > 1) continue;
      pen.globalAlpha = 1 - age; pen.beginPath();
      pen.arc(...spots[this.posts.at(k, 1)], (6 + 24 * age) * small, 0, 6.2832); pen.stroke();
    }
  }

  // Counts are those of the weeks that are over, and of the whole cascade at the end.
  count() {
    const over = Math.floor(this.time + 1e-6), sums = { posts: 0, reads: 0, orders: 0, reward_fen: 0 };
    this.weeks.slice(0, over).forEach((week) => { for (const name in sums) sums[name] += week[name]; });
    if (over === this.counted) return;
    this.counted = over;
    const shown = { ...sums, reward_fen: sums.reward_fen / 100 };
    for (const name in shown) {
      const place = this.part(`[data-name="${name}"]`);
      const digits = name === "reward_fen" ? 2 : 0;
      if (place) place.textContent = shown[name].toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    }
  }

  counters() {
    this.counted = -1;
    const list = this.part(".counters");
    list.replaceChildren(...["posts", "reads", "orders", "reward_fen"].map((name) => {
      const box = document.createElement("div"), label = document.createElement("dt"), value = document.createElement("dd");
      label.textContent = this.say[name]; value.dataset.name = name; box.append(label, value);
      return box;
    }));
  }

  legend() {
    const marks = [["root", 7, this.look.market, true], ["buyer", 4.5, this.look.market, false], ["reader", 3, "currentColor", false], ["reward", 4, this.look.reward, false]];
    this.part(".marks").replaceChildren(...marks.map(([name, size, colour, ringed]) => {
      const item = document.createElement("li"), ns = "http://www.w3.org/2000/svg";
      const picture = document.createElementNS(ns, "svg"), dot = document.createElementNS(ns, "circle");
      picture.setAttribute("width", 22); picture.setAttribute("height", 22); picture.setAttribute("aria-hidden", "true");
      for (const [key, value] of Object.entries({ cx: 11, cy: 11, r: ringed ? 5.5 : size, fill: colour })) dot.setAttribute(key, value);
      picture.append(dot);
      if (ringed) {
        const ring = document.createElementNS(ns, "circle");
        for (const [key, value] of Object.entries({ cx: 11, cy: 11, r: 9, fill: "none", stroke: "currentColor", "stroke-width": 1.8 })) ring.setAttribute(key, value);
        picture.append(ring);
      }
      const words = document.createElement("span");
      words.textContent = this.say[`mark_${name}`];
      item.append(picture, words);
      return item;
    }));
  }

  go(time) {
    this.time = Math.max(0, Math.min(this.weeks.length, time));
    this.part(".scrub").value = Math.round(this.time * FIRST_OF_WEEK);
    this.draw(); this.tell();
  }

  step(by) { this.pause(); this.go(by > 0 ? Math.floor(this.time + 1e-6) + 1 : Math.ceil(this.time - 1e-6) - 1); this.announce(); }

  tell() {
    const week = Math.min(Math.floor(this.time), this.weeks.length - 1);
    this.part(".scrub").setAttribute("aria-valuetext", this.say.week.replace("{week}", this.weeks[week].week));
    const label = this.playing ? this.say.pause : this.say.play, button = this.part(".play");
    if (button.textContent !== label) button.textContent = label;
    this.part(".back").disabled = this.time <= 0;
    this.part(".forward").disabled = this.time >= this.weeks.length;
  }

  announce() {
    const counts = [...this.root.querySelectorAll(".counters div")].map((box) => `${box.children[0].textContent} ${box.children[1].textContent}`);
    this.part(".told").textContent = `${this.part(".week").textContent}: ${counts.join(", ")}`;
  }

  toggle() { this.playing ? (this.pause(), this.announce()) : this.play(); }

  play() {
    if (this.time >= this.weeks.length) this.time = 0;
    this.playing = true; this.last = null; this.tell();
    const frame = (now) => {
      if (!this.playing) return;
      const passed = this.last === null ? 0 : Math.min(now - this.last, 100) / 1000;
      this.last = now;
      if (this.visible) {
        this.clock = (this.clock ?? this.time) + passed / SECONDS_A_WEEK;
        // With reduced motion nothing glides: the weeks follow each other as still pictures.
        const next = still.matches ? Math.floor(this.clock) : this.clock;
        if (next !== this.time) this.go(next);
        if (this.time >= this.weeks.length) { this.pause(); this.announce(); return; }
      }
      this.frame = requestAnimationFrame(frame);
    };
    this.clock = this.time;
    this.frame = requestAnimationFrame(frame);
  }

  pause() { this.playing = false; cancelAnimationFrame(this.frame); if (this.say && this.weeks) this.tell(); }

  end() { this.pause(); this.sizes.disconnect(); this.sight.disconnect(); (this.ends || []).forEach((end) => end()); }
}

const players = new WeakMap();

export default function ({ data, parentElement }) {
  const figure = parentElement.querySelector(".player");
  let player = players.get(figure);
  if (!player) players.set(figure, (player = new Player(figure)));
  player.show(data);
  return () => { player.end(); players.delete(figure); };
}
