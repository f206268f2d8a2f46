import { mount } from 'svelte';
import App from '../../src/ui/App.svelte';
import { Offline } from '../../src/ui/state/offline.svelte';
import '../../src/ui/styles/page.css';
import type { FixtureState } from './fixture-overview';
import { makeFixture } from './fixture-workbench';

const query = new URLSearchParams(location.search);
const state = (query.get('state') ?? 'full') as FixtureState;
const offline = new Offline();
offline.state = state === 'memory' ? 'unsupported' : state === 'empty' ? 'preparing' : 'ready';
if (state === 'update') offline.update = () => location.reload();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { connect: () => makeFixture(state), offline } });
