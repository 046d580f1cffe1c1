// Line, area and bar charts of a data_visualization block: as wide as the message, every label legible, data one click away.
import { useEffect, useId, useRef, useState } from "react";
import { chartModel, labelled, niceTicks, number, shortNumber, summary } from "./chart_model.js";

const HEIGHT = 230;
const TOP = 12;
const BOTTOM = 30;
const LABEL_GAP_PX = 14;
const LETTER_PX = 6.6;
const MIN_LABEL_PX = 60;
const DASHES = ["", "6 4", "2 3", "9 3 2 3", "1 4", "12 4"];

export function Chart({ block }) {
  const model = chartModel(block);
  const [width, frame] = useWidth();
  const titleId = useId();
  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption id={titleId}>{block.title}</figcaption>
      {model.yLabel && <p className="chart__unit">{model.yLabel}</p>}
      <div className="chart__frame" ref={frame}>{width > 0 && <Plot model={model} width={width} title={block.title} />}</div>
      {model.xLabel && <p className="chart__x">{model.xLabel}</p>}
      {model.series.length > 1 && <Legend model={model} />}
      <DataTable model={model} />
    </figure>
  );
}

function useWidth() {
  const frame = useRef(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, []);
  return [width, frame];
}

function Plot({ model, width, title }) {
  const [pointed, setPointed] = useState(null);
  const { categories, series, type } = model;
  const ticks = niceTicks(model);
  const left = 16 + LETTER_PX * Math.max(...ticks.map((tick) => shortNumber(tick, ticks).length));
  const labelWidth = LETTER_PX * Math.max(...categories.map((each) => each.length), 1);
  const right = type === "bar" ? 8 : Math.min(60, Math.max(14, labelWidth / 2));
  const plotWidth = Math.max(1, width - left - right);
  const bottom = HEIGHT - BOTTOM;
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const band = plotWidth / Math.max(1, categories.length);
  const step = type === "bar" ? band : plotWidth / Math.max(1, categories.length - 1);
  const x = (index) => left + (type === "bar" || categories.length === 1 ? band * (index + 0.5) : step * index);
  const y = (value) => TOP + (1 - (value - low) / (high - low || 1)) * (bottom - TOP);
  const room = type === "bar" ? Math.min(labelWidth + LABEL_GAP_PX, Math.max(band, MIN_LABEL_PX)) : labelWidth + LABEL_GAP_PX;
  const shown = labelled(categories.length, step, room);

  const point = (event) => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = type === "bar" ? Math.floor((inside - left) / band) : Math.round((inside - left) / step);
    setPointed(Math.min(Math.max(index, 0), categories.length - 1));
  };

  return (
    <div className="chart__plot" onPointerMove={point} onPointerLeave={() => setPointed(null)}>
      <svg width={width} height={HEIGHT} role="img" aria-label={summary(title, model)}>
        {ticks.map((tick) => (
          <g key={tick} className={tick === 0 ? "chart__grid chart__grid--zero" : "chart__grid"}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text x={left - 8} y={y(tick)} dy="0.35em" textAnchor="end">{shortNumber(tick, ticks)}</text>
          </g>
        ))}
        {categories.map((category, index) => shown.has(index) && (
          <text key={index} className="chart__category" x={x(index)} y={bottom + 20} textAnchor="middle">{clip(category, room - LABEL_GAP_PX / 2)}</text>
        ))}
        {pointed !== null && type !== "bar" && <line className="chart__cursor" x1={x(pointed)} x2={x(pointed)} y1={TOP} y2={bottom} />}
        {series.map((each, index) => (
          <g key={index} className={`chart__series chart__series--${index % 6}`}>
            {type === "bar" ? <Bars values={each.values} x={x} y={y} zero={y(Math.max(low, 0))} band={band} place={index} places={series.length} pointed={pointed} />
              : <Line values={each.values} x={x} y={y} floor={type === "area" ? y(Math.max(low, 0)) : null} dash={DASHES[index % 6]} pointed={pointed} />}
          </g>
        ))}
      </svg>
      {pointed !== null && <Tooltip model={model} index={pointed} x={x(pointed)} width={width} />}
    </div>
  );
}

function clip(text, room) {
  const letters = Math.max(3, Math.floor(room / LETTER_PX));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

// A missing point breaks the line; a point alone between gaps is drawn as a dot.
function Line({ values, x, y, floor, dash, pointed }) {
  const runs = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const joins = index > 0 && values[index - 1] !== null;
    if (joins) runs[runs.length - 1].push([x(index), y(value)]);
    else runs.push([[x(index), y(value)]]);
  });
  return (
    <>
      {floor !== null && runs.map((run, index) => <path key={`area-${index}`} className="chart__area" d={`M${run.map((at) => at.join(" ")).join("L")}L${run[run.length - 1][0]} ${floor}L${run[0][0]} ${floor}Z`} />)}
      {runs.map((run, index) => (run.length === 1 ? <circle key={index} cx={run[0][0]} cy={run[0][1]} r="3" /> : <path key={index} className="chart__line" strokeDasharray={dash} d={`M${run.map((at) => at.join(" ")).join("L")}`} />))}
      {pointed !== null && values[pointed] !== null && <circle className="chart__point" cx={x(pointed)} cy={y(values[pointed])} r="4.5" />}
    </>
  );
}

function Bars({ values, x, y, zero, band, place, places, pointed }) {
  const group = Math.min(band * 0.72, 64 * places);
  const one = group / places;
  return values.map((value, index) => value !== null && (
    <rect key={index} className={pointed === index ? "chart__bar chart__bar--pointed" : "chart__bar"} x={x(index) - group / 2 + place * one + 0.5} width={Math.max(1, one - 1)} y={Math.min(y(value), zero)} height={Math.max(1, Math.abs(y(value) - zero))} rx="2" />
  ));
}

function Tooltip({ model, index, x, width }) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div className="chart__tooltip" style={side} aria-hidden="true">
      <strong>{model.categories[index]}</strong>
      {model.series.map((each, place) => (
        <span key={place}><Swatch place={place} /> {each.name}<b>{each.values[index] === null ? "no data" : number(each.values[index], model)}</b></span>
      ))}
    </div>
  );
}

function Legend({ model }) {
  return (
    <ul className="chart__legend" aria-label="Legend">
      {model.series.map((each, place) => <li key={place}><Swatch place={place} filled={model.type === "bar"} /> {each.name}</li>)}
    </ul>
  );
}

function Swatch({ place, filled = false }) {
  return (
    <svg className={`chart__series chart__series--${place % 6}`} width="22" height="10" aria-hidden="true">
      {filled ? <rect className="chart__bar" x="5" y="0" width="10" height="10" rx="2" /> : <path className="chart__line" d="M1 5H21" strokeDasharray={DASHES[place % 6]} />}
    </svg>
  );
}

function DataTable({ model }) {
  return (
    <details className="chart__data">
      <summary>Data as a table</summary>
      <div className="table" tabIndex={0}>
        <table>
          <thead><tr><th scope="col">{model.xLabel ?? ""}</th>{model.series.map((each, place) => <th key={place} scope="col" className="align-right">{each.name}</th>)}</tr></thead>
          <tbody>
            {model.categories.map((category, index) => (
              <tr key={index}><th scope="row">{category}</th>{model.series.map((each, place) => <td key={place} className="align-right">{each.values[index] === null ? "–" : number(each.values[index], model)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
