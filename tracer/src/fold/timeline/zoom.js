// Moves and zooms the drawing. Every mark says its time in data-s and data-e (nanoseconds since the
// start of the run); everything is placed again for the part that is looked at.
(() => {
  const svg = document.querySelector('svg'), view = svg.viewBox.baseVal;
  const span = Number(svg.dataset.span), height = view.height, margin = 10, letter = 7.3;
  const marks = [...svg.querySelectorAll('[data-s]')].map(mark => ({
    mark, start: Number(mark.dataset.s), end: Number(mark.dataset.e || mark.dataset.s),
    least: Number(mark.dataset.w || 0), name: mark.querySelector('.name'),
    whole: mark.querySelector('title'), status: mark.querySelector('.end'),
  }));
  const axis = svg.querySelector('.axis');
  let from = 0, to = span, asked = false;

  const width = () => svg.parentNode.clientWidth || 1200;
  const place = ns => margin + (ns - from) / (to - from) * (width() - 2 * margin);
  const middle = (text, most) => {
    const letters = [...text];
    if (letters.length <= most) return text;
    const head = Math.max(1, Math.floor((most - 1) / 2));
    return letters.slice(0, head).join('') + '…' + letters.slice(letters.length - Math.max(1, most - 1 - head)).join('');
  };
  const said = (ns, step) => {
    const [unit, name] = step >= 1e9 || ns >= 1e9 ? [1e9, 's'] : step >= 1e6 || ns >= 1e6 ? [1e6, 'ms'] : [1e3, 'us'];
    const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / unit) - 1e-9)));
    return (ns / unit).toFixed(digits) + ' ' + name;
  };

  function drawAxis() {
    axis.replaceChildren();
    const least = (to - from) * 90 / width();
    let step = 1;
    for (let n = 0; step < least; n++) step *= n % 3 == 1 ? 2.5 : 2;
    const make = (kind, look) => {
      const made = document.createElementNS(svg.namespaceURI, kind);
      for (const [key, value] of Object.entries(look)) made.setAttribute(key, value);
      return axis.appendChild(made);
    };
    for (let ns = Math.ceil(from / step) * step; ns <= to; ns += step) {
      const x = place(ns), text = said(ns, step), half = text.length * letter / 2;
      make('line', {class: 'axis', x1: x, x2: x, y1: 16, y2: height});
      const at = Math.min(Math.max(x, half + 1), width() - half - 1);
      make('text', {x: at, y: 12, 'text-anchor': 'middle'}).textContent = text;
    }
  }

  function label({mark, start, end, name, whole, status}, size) {
    mark.style.opacity = end < from || start > to ? 0.35 : 1;
    const room = Math.floor((size - 2 * margin) / letter) - status.textContent.length - 1;
    name.textContent = middle(whole.textContent, Math.max(3, room));
    const letters = [...name.textContent].length + 1 + status.textContent.length;
    mark.setAttribute('x', Math.max(Math.min(place(start), size - margin - letters * letter), margin));
  }

  function draw() {
    asked = false;
    const size = width();
    svg.setAttribute('viewBox', `0 0 ${size} ${height}`);
    drawAxis();
    for (const one of marks) {
      const {mark, start, end, least} = one;
      if (one.name) { label(one, size); continue; }
      const left = Math.max(place(start), -9), right = Math.min(Math.max(place(end), place(start) + least), size + 9);
      mark.style.display = right < left || right < 0 || left > size ? 'none' : '';
      if (mark.tagName == 'rect') {
        mark.setAttribute('x', left);
        mark.setAttribute('width', Math.max(right - left, 0));
      } else {
        mark.setAttribute('x1', left);
        mark.setAttribute('x2', left);
      }
    }
  }

  function show(start, length) {
    length = Math.min(Math.max(length, 100), span);
    from = Math.min(Math.max(start, 0), span - length);
    to = from + length;
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  }
  const zoom = (factor, share = 0.5) => {
    const length = (to - from) / factor;
    show(from + (to - from - length) * share, length);
  };
  const move = share => show(from + (to - from) * share, to - from);
  const share = event => (event.clientX - svg.getBoundingClientRect().left - margin) / (width() - 2 * margin);

  svg.style.minWidth = '0';
  document.querySelector('.zoom').hidden = false;
  for (const button of document.querySelectorAll('.zoom button'))
    button.onclick = () => button.value == 0 ? show(0, span) : zoom(Number(button.value));
  svg.addEventListener('wheel', event => {
    if (event.ctrlKey) zoom(event.deltaY < 0 ? 1.25 : 0.8, share(event));
    else if (event.shiftKey || event.deltaX) move((event.deltaX || event.deltaY) / width());
    else return;
    event.preventDefault();
  }, {passive: false});
  svg.ondblclick = event => zoom(2, share(event));
  svg.onpointerdown = event => { if (event.button == 0) svg.setPointerCapture(event.pointerId); };
  svg.onpointermove = event => { if (svg.hasPointerCapture(event.pointerId)) move(-event.movementX / width()); };
  addEventListener('keydown', event => {
    const known = {'+': () => zoom(2), '-': () => zoom(0.5), '0': () => show(0, span),
      ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2)}[event.key];
    if (known && !event.ctrlKey && !event.metaKey && !event.altKey) { known(); event.preventDefault(); }
  });
  addEventListener('resize', () => show(from, to - from));
  draw();
})();
