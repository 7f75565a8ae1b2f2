// Faces and names, and the switch "Act as".
import { h, byId } from './dom.js';

const COLOURS = ['#2b6cb0', '#b7791f', '#2f855a', '#805ad5', '#c05621', '#2c7a7b', '#b83280', '#4a5568'];
const SLACKBOT = { id: 'USLACKBOT', name: 'Slackbot', real_name: 'Slackbot', is_bot: true, title: '' };

export class People {
  constructor(state) {
    this.state = state;
    this.byId = new Map([...state.people, SLACKBOT].map((person) => [person.id, person]));
  }

  get(id) {
    return this.byId.get(id) ?? { id, name: id, real_name: id, title: '' };
  }

  avatar(id) {
    const person = this.get(id);
    if (id === this.state.app.user) {
      return h('span', { class: 'avatar', 'aria-hidden': 'true' }, h('img', { src: '/static/seal.svg', alt: '' }));
    }
    const number = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    const face = h('span', { class: 'avatar', 'aria-hidden': 'true' }, person.real_name.slice(0, 1));
    face.style.background = COLOURS[number % COLOURS.length];
    return face;
  }

  label(person) {
    if (person.stranger) return `${person.real_name} (external)`;
    if (person.guest) return `${person.real_name} (guest)`;
    return person.real_name;
  }
}

export function showActAs(people, chosen) {
  const select = byId('act-as');
  const choices = people.state.people.filter((person) => !person.is_bot && !person.deleted);
  select.replaceChildren(...choices.map((person) => h('option', {
    value: person.id, selected: person.id === people.state.me,
  }, `${person.real_name} · ${person.title}`)));
  select.onchange = () => chosen(select.value);
}
