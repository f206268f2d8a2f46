/// <reference types="vite-plugin-pwa/client" />
import { mount } from 'svelte';
import { registerSW } from 'virtual:pwa-register';
import App from './ui/App.svelte';
import { connect } from './ui/client';
import { Offline } from './ui/state/offline.svelte';
import './ui/styles/page.css';

const offline = new Offline();
/** The engine and its worker. */
const ENGINE_FILES = 2;

/** The service worker serves this page, and the SQL engine with its worker is in its cache. */
async function judgeOffline(): Promise<void> {
  if (!navigator.serviceWorker.controller) return;
  const engine = await caches.open('glasshouse-engine');
  offline.state = (await engine.keys()).length >= ENGINE_FILES ? 'ready' : 'page';
}

function followServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  offline.state = 'preparing';
  const judge = () => void judgeOffline();
  judge();
  navigator.serviceWorker.addEventListener('controllerchange', judge);
  new BroadcastChannel('glasshouse-changed').addEventListener('message', judge);
  // The page takes a newer version only when a person asks for it, so nothing is swapped under a running run.
  const update = registerSW({
    onOfflineReady: judge,
    onNeedRefresh: () => (offline.update = () => void update(true)),
    onRegisterError: () => (offline.state = 'unsupported'),
  });
}

const target = document.getElementById('app');
if (target) mount(App, { target, props: { connect, offline } });
followServiceWorker();
