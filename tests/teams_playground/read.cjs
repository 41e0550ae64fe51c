// Reads cards, a JSON list on standard input, with Microsoft's own reader; prints each trouble it finds.
const { AdaptiveCard, HostConfig, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");

let text = "";
process.stdin.on("data", (more) => (text += more));
process.stdin.on("end", () => {
  JSON.parse(text).forEach((card, number) => {
    const context = new SerializationContext(Versions.v1_5);
    const read = new AdaptiveCard();
    // It draws secondary actions in the overflow menu, as Teams does, but counts them as well: we count ourselves.
    read.hostConfig = new HostConfig({ actions: { maxActions: 100 } });
    read.parse(card, context);
    const events = [];
    for (let at = 0; at < context.eventCount; at++) events.push(context.getEventAt(at).message);
    for (const found of read.validateProperties().validationEvents) events.push(found.message);
    for (const event of new Set(events)) console.log(`${number}: ${event}`);
  });
});
