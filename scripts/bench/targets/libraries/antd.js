import * as A from 'antd';
import { createElement as h, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

const open = location.hash.slice(1);
const rows = ['Red', 'Green', 'Dark red'].map((name, key) => ({ key, name, stock: key + 5 }));
const columns = [
  { title: 'Colour', dataIndex: 'name', sorter: true },
  { title: 'Stock', dataIndex: 'stock' },
  {
    title: 'Action',
    render: (_, row) =>
      h(
        'span',
        null,
        h('a', { id: `edit${row.key}`, href: '#e' }, 'Edit'),
        ' ',
        h(A.Button, { id: `del${row.key}`, type: 'link', danger: true }, 'Delete'),
      ),
  },
];

function Page() {
  useEffect(() => {
    const timer = setTimeout(() => document.body.setAttribute('data-ready', ''), 800);
    return () => clearTimeout(timer);
  }, []);
  const item = (label, name, field, more = {}) => h(A.Form.Item, { label, name, ...more }, field);
  return h(
    A.ConfigProvider,
    { theme: { token: { motion: false } } },
    h(A.Menu, {
      mode: 'horizontal',
      items: [
        { key: 'a', label: 'Stock', id: 'm-stock' },
        { key: 'b', label: 'Orders' },
      ],
    }),
    h(
      A.Form,
      { name: 'f', layout: 'vertical' },
      item('Colour name', 'name', h(A.Input), { required: true }),
      item('Amount', 'amount', h(A.InputNumber)),
      item(
        'Supplier',
        'supplier',
        h(A.Select, {
          open: open === 'select',
          options: [
            { value: 'a', label: 'Acme' },
            { value: 'b', label: 'Bolt' },
          ],
        }),
      ),
      item('Delivery date', 'date', h(A.DatePicker)),
      item('Notes', 'notes', h(A.Input.TextArea)),
      item('Express', 'express', h(A.Switch), { valuePropName: 'checked' }),
      item('Password', 'pw', h(A.Input.Password)),
      item('Packaging', 'pack', h(A.Radio.Group, { options: ['Can', 'Bucket'] })),
      h(A.Checkbox, { id: 'agree' }, 'I have checked the stock'),
      h(A.Button, { type: 'primary', id: 'submit', htmlType: 'submit' }, 'Order'),
      h(A.Button, { id: 'reset' }, 'Reset'),
    ),
    h(A.Input.Search, { placeholder: 'Search colours', enterButton: true }),
    h(A.Tabs, {
      items: [
        { key: '1', label: 'Paints', children: 'Paints here' },
        { key: '2', label: 'Brushes', children: 'Brushes here' },
      ],
    }),
    h(A.Table, { columns, dataSource: rows, rowSelection: {}, pagination: { pageSize: 3, total: 9 } }),
    h(
      A.Card,
      { title: 'Matte', extra: h('a', { id: 'more-matte', href: '#m' }, 'More') },
      h(A.Button, { id: 'buy-matte' }, 'Add to cart'),
    ),
    h(
      A.Card,
      { title: 'Glossy', extra: h('a', { id: 'more-glossy', href: '#g' }, 'More') },
      h(A.Button, { id: 'buy-glossy' }, 'Add to cart'),
    ),
    h(A.Collapse, { items: [{ key: '1', label: 'How do I mix?', children: 'Stir.' }] }),
    h(A.Alert, { title: 'Low stock', type: 'warning', closable: true }),
    h(A.Steps, { current: 0, items: [{ title: 'Choose' }, { title: 'Pay' }] }),
    h(
      A.Modal,
      {
        open: open === 'modal',
        title: 'Delete colour',
        okText: 'Delete',
        okButtonProps: { id: 'modal-ok' },
        cancelButtonProps: { id: 'modal-cancel' },
      },
      'Really?',
    ),
  );
}

createRoot(document.body.appendChild(document.createElement('main'))).render(h(Page));
