/** Emoji by the names that chats give them. */

const TABLE = `+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|arrow_up ⬆️|heart ❤️|fire 🔥|tada 🎉|eyes 👀|raised_hands 🙌|clap 👏|pray 🙏|
wave 👋|ok_hand 👌|muscle 💪|point_up ☝️|smile 😄|slightly_smiling_face 🙂|joy 😂|sweat_smile 😅|thinking_face 🤔|
neutral_face 😐|cry 😢|sob 😭|angry 😠|rage 😡|heart_eyes 😍|star-struck 🤩|partying_face 🥳|exploding_head 🤯|sunglasses 😎|
hugging_face 🤗|white_check_mark ✅|heavy_check_mark ✔️|x ❌|warning ⚠️|question ❓|exclamation ❗|bulb 💡|speech_balloon 💬|
green_heart 💚|blue_heart 💙|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|zap ⚡|
world_map 🗺️|round_pushpin 📍|pushpin 📌|memo 📝|calendar 📆|alarm_clock ⏰|hourglass ⌛|chart_with_upwards_trend 📈|
bar_chart 📊|mag 🔍|link 🔗|lock 🔒|key 🔑|bell 🔔|mega 📣|rocket 🚀|star ⭐|sparkles ✨|trophy 🏆|gift 🎁|coffee ☕|
spaghetti 🍝|pizza 🍕|wine_glass 🍷|plate_with_cutlery 🍽️|credit_card 💳|moneybag 💰|phone ☎️|iphone 📱|computer 💻|
email 📧|hammer_and_wrench 🛠️|bug 🐛|ghost 👻|robot_face 🤖|see_no_evil 🙈|100 💯|heavy_plus_sign ➕|arrows_counterclockwise 🔄`;

const GLYPHS = new Map(TABLE.replaceAll("\n", "").split("|").map((entry) => {
  const cut = entry.lastIndexOf(" ");
  return [entry.slice(0, cut), entry.slice(cut + 1)];
}));

const PICKED = ["+1", "arrow_up", "heart", "fire", "tada", "eyes", "raised_hands", "clap", "pray", "-1", "joy", "smile",
  "thinking_face", "neutral_face", "cry", "angry", "heart_eyes", "exploding_head", "white_check_mark", "x", "question",
  "bulb", "zap", "world_map", "pushpin", "memo", "mag", "rocket", "star", "sparkles", "trophy", "coffee", "spaghetti",
  "pizza", "wine_glass", "credit_card", "hammer_and_wrench", "bug", "100", "robot_face"];

const TONES = ["", "", "🏻", "🏼", "🏽", "🏾", "🏿"];

export function glyph(name) {
  const [plain, tone] = name.split("::skin-tone-");
  const found = GLYPHS.get(plain);
  return found ? found + (tone ? TONES[Number(tone)] ?? "" : "") : `:${name}:`;
}

export const known = (name) => GLYPHS.has(name.split("::")[0]);
export const picked = () => PICKED.map((name) => [name, GLYPHS.get(name)]);
export const spoken = (name) => (name === "+1" ? "thumbs up" : name === "-1" ? "thumbs down" : name.replaceAll("_", " "));
