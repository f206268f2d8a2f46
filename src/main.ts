/// <reference types="vite-plugin-pwa/client" />
import { mount } from 'svelte';
import { registerSW } from 'virtual:pwa-register';
import App from './ui/App.svelte';
import { connect } from './ui/client';
import { Offline } from './ui/state/offline.svelte';
import './ui/styles/page.css';

const offline = new Offline();

function followServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  offline.state = navigator.serviceWorker.controller ? 'ready' : 'preparing';
  // The page takes a newer version only when a person asks for it, so nothing is swapped under a running run.
  const update = registerSW({
    onOfflineReady: () => (offline.state = 'ready'),
    onNeedRefresh: () => (offline.update = () => void update(true)),
    onRegisterError: () => (offline.state = navigator.serviceWorker.controller ? 'ready' : 'unsupported'),
  });
}

const target = document.getElementById('app');
if (target) mount(App, { target, props: { connect, offline } });
followServiceWorker();
