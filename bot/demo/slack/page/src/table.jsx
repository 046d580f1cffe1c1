// Slack's table and data_table as a real HTML table that scrolls inside its own frame.
import { Display } from "./display.jsx";

export function Table({ block }) {
  const [head = [], ...rows] = block.rows ?? [];
  const isData = block.type === "data_table";
  const headColumn = isData ? (block.row_header_column_index ?? 0) : null;
  const settings = block.column_settings ?? [];
  return (
    <div className="table" tabIndex={0} role="group" aria-label={block.caption ?? "Table"}>
      <table>
        {block.caption && <caption>{block.caption}</caption>}
        <thead>
          <tr>{head.map((cell, column) => <th key={column} scope="col" className={alignment(cell, settings[column], isData, rows, column)}><Cell cell={cell} /></th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => {
                const Tag = column === headColumn ? "th" : "td";
                return (
                  <Tag key={column} scope={column === headColumn ? "row" : undefined} className={alignment(cell, settings[column], isData, rows, column)}>
                    <Cell cell={cell} />
                  </Tag>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment(cell, setting, isData, rows, column) {
  const numbers = isData && rows.length > 0 && rows[0][column]?.type === "raw_number";
  const align = setting?.align ?? (numbers || cell.type === "raw_number" ? "right" : "left");
  return [`align-${align}`, setting?.is_wrapped && "wrapped"].filter(Boolean).join(" ");
}

function Cell({ cell }) {
  if (cell.type === "rich_text") return <Display block={cell} />;
  if (cell.type === "raw_number") return cell.text ?? Number(cell.value).toLocaleString("en-US", { maximumFractionDigits: 2 });
  return cell.text;
}
