// Files on their way from one page to the next: over a reload, or from the service worker, which takes what other
// programs share. A parcel lies in the browser's database until it is taken, once.
//
// Loaded by the page (install.js) and by the service worker, so it is a plain script and leaves one name behind.
"use strict";

globalThis.chaindebugParcels = (() => {
  const STORE = "parcels";
  /** Milliseconds after which nobody comes for a parcel any more: its page was closed, or did not start. */
  const KEPT = 600_000;

  /** @returns {Promise<IDBDatabase>} */
  function open() {
    return new Promise((done, failed) => {
      const request = indexedDB.open("chaindebug", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }

  /** Does something with the parcels, and waits until it is on the disk. */
  async function within(what) {
    const database = await open();
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(STORE, "readwrite");
        const request = what(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(request?.result);
        transaction.onabort = () => failed(transaction.error ?? request?.error);
      });
    } finally {
      database.close();
    }
  }

  return {
    /** Keeps a parcel and gives its id. What is in it must be clonable: files are. */
    async put(parcel) {
      const id = crypto.randomUUID();
      await within((store) => store.put({ at: Date.now(), parcel }, id));
      return id;
    },

    /** The parcel of an id, which is gone then; `undefined` when there is none. Old ones that nobody took go too. */
    async take(id) {
      const held = await within((store) => store.get(id));
      await within((store) => {
        store.delete(id);
        const every = store.openCursor();
        every.onsuccess = () => {
          const cursor = every.result;
          if (!cursor) return;
          if (!(Date.now() - cursor.value.at < KEPT)) cursor.delete();
          cursor.continue();
        };
      });
      return held?.parcel;
    },
  };
})();
