// One input block of a form. read() gives what submit sends: a text, an option's value, or a list of them.
import { h } from './dom.js';

export function input(block, previous) {
  const id = `input-${block.block_id}`;
  const field = h('div', { class: 'field', 'data-block': block.block_id });
  const { control, read } = (CONTROLS[block.element.type] ?? typed)(block.element, id, previous);
  const label = h('label', { for: id }, block.label.text, block.optional ? h('span', { class: 'optional' }, ' (optional)') : null);
  const error = h('div', { class: 'error', id: `${id}-error`, role: 'alert' });
  control.setAttribute('aria-describedby', `${id}-error`);
  field.append(label, control, error, block.hint ? h('div', { class: 'help' }, block.hint.text) : '');
  return { field, read, fail: (message) => {
    error.textContent = message ?? '';
    field.classList.toggle('wrong', Boolean(message));
    control.setAttribute('aria-invalid', message ? 'true' : 'false');
  } };
}

function typed(element, id, previous) {
  const tag = element.multiline ? 'textarea' : 'input';
  const control = h(tag, { id, placeholder: element.placeholder?.text, maxlength: element.max_length,
    type: element.multiline ? undefined : KINDS[element.type] ?? 'text' });
  control.value = previous ?? element.initial_value ?? element.initial_date ?? '';
  return { control, read: () => control.value };
}

const KINDS = { number_input: 'number', email_text_input: 'email', url_text_input: 'url', datepicker: 'date' };

function select(element, id, previous) {
  const chosen = previous ?? element.initial_option?.value;
  const groups = element.option_groups ?? [{ options: element.options }];
  const control = h('select', { id }, h('option', { value: '' }, element.placeholder?.text ?? 'Choose an option'),
    groups.flatMap((group) => group.options).map((option) => h('option', { value: option.value, selected: option.value === chosen }, option.text.text)));
  return { control, read: () => control.value };
}

const choices = (type) => (element, id, previous) => {
  const chosen = [previous ?? element.initial_options?.map((option) => option.value) ?? element.initial_option?.value ?? []].flat();
  const control = h('fieldset', { id }, element.options.map((option) => h('label', {},
    h('input', { type, name: id, value: option.value, checked: chosen.includes(option.value) }), ` ${option.text.text}`)));
  const values = () => [...control.querySelectorAll('input:checked')].map((one) => one.value);
  return { control, read: type === 'radio' ? () => values()[0] ?? '' : values };
};

const CONTROLS = { static_select: select, radio_buttons: choices('radio'), checkboxes: choices('checkbox') };
