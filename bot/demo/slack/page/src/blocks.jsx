// Decides for each block whether the library draws it or a component of this page does.
import { Chart } from "./chart.jsx";
import { Display, UnknownBlock } from "./display.jsx";
import { Element } from "./elements.jsx";
import { blockIdOf } from "./form.jsx";
import { ImageBlock } from "./image.jsx";
import { InputBlock } from "./input_block.jsx";
import { Table } from "./table.jsx";

const DRAWN_BY_LIBRARY = new Set([
  "header", "divider", "context", "rich_text", "markdown", "video", "file", "alert", "carousel", "container", "plan", "task_card",
]);
const CHARTS_OF_OUR_OWN = new Set(["line", "area", "bar"]);

export function Blocks({ blocks, files }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <div className={`block block--${block.type}`} key={blockIdOf(block, index)}>
          <Block block={block} blockId={blockIdOf(block, index)} files={files} />
        </div>
      ))}
    </div>
  );
}

function Block({ block, blockId, files }) {
  switch (block.type) {
    case "section":
      return <Section block={block} blockId={blockId} files={files} />;
    case "actions":
    case "context_actions":
      return <ElementRow elements={block.elements} blockId={blockId} />;
    case "input":
      return <InputBlock block={block} blockId={blockId} />;
    case "image":
      return <ImageBlock block={block} files={files} />;
    case "table":
    case "data_table":
      return <Table block={block} />;
    case "data_visualization":
      return CHARTS_OF_OUR_OWN.has(block.chart?.type) ? <Chart block={block} /> : <Display block={block} />;
    case "card":
      return <Card block={block} blockId={blockId} />;
    default:
      return DRAWN_BY_LIBRARY.has(block.type) ? <Display block={block} /> : <UnknownBlock block={block} />;
  }
}

function Section({ block, blockId, files }) {
  const { accessory, ...text } = block;
  if (!accessory) return <Display block={text} />;
  return (
    <div className="section">
      <div className="section__text"><Display block={text} /></div>
      <div className="section__accessory">
        {accessory.type === "image" ? <ImageBlock block={accessory} files={files} small /> : <Element element={accessory} blockId={blockId} />}
      </div>
    </div>
  );
}

function ElementRow({ elements = [], blockId }) {
  return (
    <div className="elements">
      {elements.map((element) => <Element key={element.action_id ?? element.type} element={element} blockId={blockId} />)}
    </div>
  );
}

// The library draws a card's buttons dead, so they are taken out and put below it.
function Card({ block, blockId }) {
  const { actions, ...card } = block;
  return (
    <>
      <Display block={card} />
      {actions && <ElementRow elements={actions} blockId={blockId} />}
    </>
  );
}
