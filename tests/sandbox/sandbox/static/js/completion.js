// What the composer offers for the word at its end: commands, their words, people, groups, channels.
// `eager`: Enter takes the first; else it sends what is typed.
export function offers(text, state) {
  const command = state.commands.find((one) => text.startsWith(`${one.command} `));
  if (command) {
    const rest = text.slice(command.command.length + 1);
    if (!rest.includes(' ')) return words(command, rest);
  } else if (/^\/\S*$/.test(text)) {
    return commands(text, state);
  }
  const word = text.match(/(?:^|\s)([@#][\w-]*)$/)?.[1];
  return word ? names(word, text, state) : none;
}

const none = { heading: '', eager: false, options: [] };

function commands(text, state) {
  const fitting = state.commands.filter((one) => one.command.startsWith(text));
  return { heading: 'Commands of apps', eager: true, options: fitting.map((one) => ({
    label: one.command, hint: `${one.usage_hint}  ${one.description}`, from: 'ringi', insert: `${one.command} ` })) };
}

function words(command, rest) {
  const fitting = command.words.filter((word) => word.startsWith(rest) && word !== rest);
  return { heading: `${command.command} ${command.usage_hint}`, eager: rest !== '', options: fitting.map((word) => ({
    label: `${command.command} ${word}`, hint: '', from: 'ringi', insert: `${command.command} ${word} ` })) };
}

function names(word, text, state) {
  const sign = word[0];
  const known = sign === '#' ? state.channels.map((one) => [one.name, one.topic])
    : [...state.people.filter((one) => !one.deleted).map((one) => [one.name, one.title]),
      ...state.groups.map((one) => [one.handle, `${one.users.length} ${one.users.length === 1 ? 'person' : 'people'}`])];
  const start = text.slice(0, text.length - word.length);
  return { heading: sign === '#' ? 'Channels' : 'People and groups', eager: true, options: known
    .filter(([name]) => name.startsWith(word.slice(1)))
    .map(([name, hint]) => ({ label: sign + name, hint, from: '', insert: `${start}${sign}${name} ` })) };
}
