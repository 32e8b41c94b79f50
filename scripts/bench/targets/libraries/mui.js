import * as M from '@mui/material';
import { createElement as h, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

const people = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing'];
const icon = h(M.SvgIcon, null, h('path', { d: 'M0 0h16v16z' }));
const open = location.hash.slice(1);

function Page() {
  useEffect(() => {
    const timer = setTimeout(() => document.body.setAttribute('data-ready', ''), 600);
    return () => clearTimeout(timer);
  }, []);
  return h(
    'div',
    null,
    h(
      M.AppBar,
      { position: 'static' },
      h(
        M.Toolbar,
        null,
        h(M.IconButton, { 'aria-label': 'menu', id: 'menu' }, icon),
        h(M.Typography, { variant: 'h6' }, 'Staff'),
        h(M.Button, { id: 'login', color: 'inherit' }, 'Login'),
      ),
    ),
    h(
      M.Tabs,
      { value: 0 },
      h(M.Tab, { label: 'People', id: 'tab-people' }),
      h(M.Tab, { label: 'Teams', id: 'tab-teams' }),
    ),
    h(M.TextField, { id: 'full', label: 'Full name', required: true }),
    h(M.TextField, { id: 'email', label: 'Email', helperText: 'We never share it', variant: 'standard' }),
    h(M.TextField, { id: 'email2', label: 'Repeat email', required: true }),
    h(
      M.FormControl,
      { fullWidth: true },
      h(M.InputLabel, { id: 'role-l' }, 'Role'),
      h(
        M.Select,
        { labelId: 'role-l', id: 'role', label: 'Role', value: 'dev', open: open === 'select' },
        h(M.MenuItem, { value: 'dev', id: 'opt-dev' }, 'Developer'),
        h(M.MenuItem, { value: 'lead', id: 'opt-lead' }, 'Team lead'),
      ),
    ),
    h(M.Autocomplete, {
      id: 'office',
      options: ['Oslo', 'Rome'],
      renderInput: (p) => h(M.TextField, { ...p, label: 'Office' }),
    }),
    h(M.FormControlLabel, { control: h(M.Checkbox, { id: 'remote' }), label: 'Works remotely' }),
    h(M.FormControlLabel, { control: h(M.Switch, { id: 'active' }), label: 'Active' }),
    h(
      M.FormControl,
      null,
      h(M.FormLabel, null, 'Contract'),
      h(
        M.RadioGroup,
        { 'aria-label': 'Contract' },
        h(M.FormControlLabel, { value: 'f', control: h(M.Radio, { id: 'r-full' }), label: 'Full time' }),
        h(M.FormControlLabel, { value: 'p', control: h(M.Radio, { id: 'r-part' }), label: 'Part time' }),
      ),
    ),
    h(M.Slider, { 'aria-label': 'Hours', defaultValue: 30, id: 'hours' }),
    h(M.Chip, { label: 'Design', id: 'chip', onDelete: () => {}, onClick: () => {} }),
    h(M.Button, { variant: 'contained', id: 'save' }, 'Save'),
    h(M.Button, { id: 'save-new' }, 'Save and new'),
    h(M.Tooltip, { title: 'Refresh' }, h(M.IconButton, { id: 'refresh' }, icon)),
    h(M.Fab, { 'aria-label': 'Add person', id: 'fab' }, icon),
    h(
      M.Accordion,
      null,
      h(M.AccordionSummary, { id: 'acc' }, 'Advanced settings'),
      h(M.AccordionDetails, null, 'Nothing here'),
    ),
    h(
      M.Table,
      null,
      h(
        M.TableHead,
        null,
        h(
          M.TableRow,
          null,
          h(M.TableCell, null, h(M.TableSortLabel, { id: 'sort-name' }, 'Name')),
          h(M.TableCell, null, 'Actions'),
        ),
      ),
      h(
        M.TableBody,
        null,
        ...people.map((name, i) =>
          h(
            M.TableRow,
            { key: name },
            h(M.TableCell, { id: `p${i}` }, name),
            h(
              M.TableCell,
              null,
              h(M.Button, { id: `e${i}` }, 'Edit'),
              h(M.IconButton, { 'aria-label': 'delete', id: `d${i}` }, icon),
            ),
          ),
        ),
      ),
    ),
    h(M.Pagination, { count: 3 }),
    h(
      'div',
      null,
      ...['Basic', 'Team'].map((name, i) =>
        h(
          M.Card,
          { key: name, id: `plan${i}` },
          h(M.CardContent, null, h(M.Typography, { variant: 'h5' }, name)),
          h(M.CardActions, null, h(M.Button, { id: `choose${i}` }, 'Choose plan')),
        ),
      ),
    ),
    h(
      M.List,
      null,
      h(M.ListItemButton, { id: 'li-inbox' }, h(M.ListItemText, { primary: 'Inbox', secondary: '3 unread' })),
      h(M.ListItemButton, { id: 'li-sent' }, h(M.ListItemText, { primary: 'Sent' })),
    ),
    h(
      M.Dialog,
      { open: open === 'dialog' },
      h(M.DialogTitle, null, 'Save changes?'),
      h(M.DialogContent, null, 'You have unsaved changes.'),
      h(M.DialogActions, null, h(M.Button, { id: 'dlg-no' }, 'Discard'), h(M.Button, { id: 'dlg-yes' }, 'Save')),
    ),
    h(M.Snackbar, { open: true, message: 'Person added', action: h(M.Button, { id: 'undo' }, 'Undo') }),
  );
}

createRoot(document.body.appendChild(document.createElement('main'))).render(h(Page));
