// The numbers behind a chart: points by category, round ticks, which labels fit, and a sentence for screen readers. Pure.

const TICKS_WANTED = 4;

export function chartModel({ chart }) {
  const axis = chart.axis_config ?? {};
  const longest = (chart.series ?? []).reduce((most, each) => ((each.data?.length ?? 0) > most.length ? each.data : most), []);
  const categories = axis.categories?.length ? axis.categories : longest.map((point) => point.label);
  const series = (chart.series ?? []).map((each) => {
    const byLabel = new Map((each.data ?? []).map((point) => [point.label, point.value]));
    return { name: each.name, values: categories.map((category) => byLabel.get(category) ?? null) };
  });
  return { type: chart.type, categories, series, xLabel: axis.x_label, yLabel: axis.y_label };
}

function known(model) {
  return model.series.flatMap((each) => each.values).filter((value) => value !== null);
}

// Zero is always on the axis: a cost that moved by 2 % must not look like one that doubled.
export function niceTicks(model) {
  const values = known(model);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values) || (low < 0 ? 0 : 1);
  const rough = (high - low) / TICKS_WANTED;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function shortNumber(value, ticks) {
  if (value === 0) return "0";
  const largest = Math.max(...ticks.map(Math.abs));
  if (largest >= 2e6) return `${round(value / 1e6)}M`;
  if (largest >= 1e4) return `${round(value / 1e3)}k`;
  return round(value).toLocaleString("en-US");
}

function round(value) {
  return Number(value.toFixed(2));
}

// All values of one chart get the same number of decimals.
export function number(value, model) {
  const digits = known(model).every(Number.isInteger) ? 0 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// Indexes whose label is drawn: the newest always is, going back in even steps wide enough for the longest label.
export function labelled(count, stepPx, roomPx) {
  const every = Math.max(1, Math.ceil(roomPx / Math.max(stepPx, 0.001)));
  const shown = new Set();
  for (let index = count - 1; index >= 0; index -= every) shown.add(index);
  return shown;
}

export function summary(title, model) {
  const from = model.categories[0];
  const to = model.categories[model.categories.length - 1];
  const text = (value) => number(value, model);
  const parts = model.series.map(({ name, values }) => {
    const points = values.filter((value) => value !== null);
    if (points.length === 0) return `${name}: no data`;
    const last = points[points.length - 1];
    return `${name}: ${text(points[0])} to ${text(last)}, lowest ${text(Math.min(...points))}, highest ${text(Math.max(...points))}`;
  });
  const unit = model.yLabel ? ` (${model.yLabel})` : "";
  return `${title}${unit}, ${from} to ${to}. ${parts.join(". ")}.`;
}
