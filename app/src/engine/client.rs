//! One worker with one session: messages out, answers matched to their questions, and what a crash becomes.

use super::{Failure, FailureKind, Files};
use chaindebug_core::protocol::{Answer, DocumentView, Mapping, Progress, Request};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    pin::Pin,
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

/// A file to open: read by range where it lies.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Name shown, with folders when it came from one.
    pub(crate) name: String,
    /// The bytes.
    pub(crate) blob: Blob,
    /// When it was last changed, in milliseconds; `None` for what was never a file.
    pub(crate) modified: Option<f64>,
}

impl Input {
    /// Whether it is the same file, unchanged, as far as the browser tells.
    pub(crate) fn same(&self, other: &Input) -> bool {
        self.modified.is_some()
            && (&self.name, self.modified, self.blob.size()) == (&other.name, other.modified, other.blob.size())
    }
}

/// What the worker does in slices, telling how far it is: the number to [`Engine::cancel`] it with, and what to wait for,
/// the session's documents.
pub(crate) type Job = (u32, Pin<Box<dyn Future<Output = Result<Vec<DocumentView>, Failure>>>>);

/// Runs that come with one answer. A file may hold a hundred thousand, and an answer is read in one go: with more of them
/// the page would stand still. The worker knows the number too (`public/engine-worker.js`).
const RUNS: u32 = 2_000;

/// A handle that does not keep the worker.
pub(crate) struct WeakEngine(Weak<Inner>);

impl WeakEngine {
    /// The engine, while somebody keeps it.
    pub(crate) fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}

/// A handle to one worker. Cloning gives another handle to the same; dropping the last one ends the worker.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

struct Inner {
    worker: Worker,
    next: Cell<u32>,
    waiting: RefCell<HashMap<u32, Waiting>>,
    dead: RefCell<Option<Failure>>,
    on_death: RefCell<Option<OnDeath>>,
    on_renewal: RefCell<Option<Rc<dyn Fn()>>>,
    files: Files,
    heard: RefCell<Option<Heard>>,
}

/// The worker's listeners, kept for as long as the worker.
type Heard = (Closure<dyn FnMut(MessageEvent)>, Closure<dyn FnMut(ErrorEvent)>);

type OnDeath = Rc<dyn Fn(Failure)>;

struct Waiting {
    resolve: Function,
    progress: Option<Rc<dyn Fn(Progress)>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn object(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

impl Engine {
    /// Starts a worker. Questions may be asked at once; they wait for it.
    pub(crate) fn start(files: &Files) -> Result<Engine, Failure> {
        let worker = Worker::new(&files.script).map_err(|e| Failure::missing("The engine could not be started", &e))?;
        let inner = Rc::new(Inner {
            worker,
            next: Cell::new(1),
            waiting: RefCell::default(),
            dead: RefCell::default(),
            on_death: RefCell::default(),
            on_renewal: RefCell::default(),
            files: files.clone(),
            heard: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = weak.upgrade() {
                inner.hear(&event.data());
            }
        });
        let weak: Weak<Inner> = Rc::downgrade(&inner);
        let error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            if let Some(inner) = weak.upgrade() {
                let said = event.message();
                let said = if said.is_empty() { "its script did not load".to_owned() } else { said };
                inner.die(Failure::new(FailureKind::Panic, said));
            }
        });
        inner.worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        inner.heard.replace(Some((message, error)));
        let init = match files.full_here() {
            Some(full) => object(&[("id", &0.into()), ("init", &full.module), ("glue", &full.glue.into())]),
            None => object(&[("id", &0.into()), ("init", &files.module)]),
        };
        inner.worker.post_message(&init).map_err(|e| Failure::missing("The engine could not be started", &e))?;
        Ok(Engine(inner))
    }

    /// A handle that does not keep the worker.
    pub(crate) fn downgrade(&self) -> WeakEngine {
        WeakEngine(Rc::downgrade(&self.0))
    }

    /// Whether it has neither crashed nor been ended.
    pub(crate) fn lives(&self) -> bool {
        self.0.dead.borrow().is_none()
    }

    /// Ends the worker now; what waits for it gets [`FailureKind::Closed`].
    pub(crate) fn end(&self) {
        self.0.on_death.replace(None);
        self.0.die(Failure::closed());
    }

    /// Calls back once when the engine has crashed or run out of memory.
    pub(crate) fn on_death(&self, then: impl Fn(Failure) + 'static) {
        let then: OnDeath = Rc::new(then);
        if let Some(failure) = self.0.dead.borrow().clone() {
            then(failure);
        }
        self.0.on_death.replace(Some(then));
    }

    /// Calls back when the full engine has taken the place of the one that reads traces: what was asked before is to be
    /// asked again.
    pub(crate) fn on_renewal(&self, then: impl Fn() + 'static) {
        self.0.on_renewal.replace(Some(Rc::new(then)));
    }

    /// Asks one thing, at once: what is given back is only to be waited for, and keeps the worker. A refusal comes as a
    /// failure, so an `Ok` always holds what was asked for.
    pub(crate) fn ask(&self, request: &Request) -> impl Future<Output = Result<Answer, Failure>> + use<> {
        let text = request.to_json();
        let asked =
            text.map(|text| self.0.send(None, &|id| object(&[("id", &id), ("ask", &JsValue::from_str(&text))])));
        let engine = self.clone();
        async move {
            let asked = asked
                .map_err(|e| Failure::new(FailureKind::Refused, format!("The question could not be written: {e}")))?;
            let data = asked.await?;
            drop(engine);
            answer(&data)
        }
    }

    /// The session's documents.
    pub(crate) async fn documents(&self) -> Result<Vec<DocumentView>, Failure> {
        match self.ask(&Request::Documents { runs: Some(RUNS) }).await? {
            Answer::Documents { documents } => whole(&self.downgrade(), documents).await,
            _ => Err(unexpected()),
        }
    }

    /// Opens files, each as a document of its own or all into document `into`.
    pub(crate) fn open(&self, inputs: &[Input], into: Option<u32>, progress: Rc<dyn Fn(Progress)>) -> Job {
        let files: Array = inputs
            .iter()
            .map(|input| object(&[("name", &JsValue::from_str(&input.name)), ("file", &input.blob)]))
            .collect();
        let into = into.map_or(JsValue::NULL, JsValue::from);
        self.job(progress, &[("open", &files), ("into", &into)])
    }

    /// Reads an open document anew: as a format, by a mapping, or by its content when neither is given. Until it is read it
    /// stays as it is, also when that is cancelled.
    pub(crate) fn read_as(
        &self,
        document: u32,
        format: Option<&str>,
        mapping: Option<&Mapping>,
        progress: Rc<dyn Fn(Progress)>,
    ) -> Job {
        // A mapping is texts only: it can be written.
        let mapping = mapping.and_then(|mapping| serde_json::to_string(mapping).ok());
        let text = |text: Option<&str>| text.map_or(JsValue::NULL, JsValue::from_str);
        let (format, mapping) = (text(format), text(mapping.as_deref()));
        self.job(progress, &[("read_as", &document.into()), ("format", &format), ("mapping", &mapping)])
    }

    /// Has the worker do what takes its time.
    fn job(&self, progress: Rc<dyn Fn(Progress)>, what: &[(&str, &JsValue)]) -> Job {
        let id = self.0.next.get();
        let sent = self.0.send(Some(progress), &|id| {
            let message = object(what);
            let _ = Reflect::set(&message, &"id".into(), &id);
            message
        });
        let engine = self.downgrade();
        let done = async move {
            match answer(&sent.await?)? {
                Answer::Documents { documents } => whole(&engine, documents).await,
                _ => Err(unexpected()),
            }
        };
        (id, Box::pin(done))
    }

    /// Cancels a job; what waits for it gets [`FailureKind::Cancelled`].
    pub(crate) fn cancel(&self, job: u32) {
        let _ = self.0.worker.post_message(&object(&[("id", &job.into()), ("cancel", &job.into())]));
    }
}

impl Inner {
    /// Posts the message made for a fresh number at once, and gives what to wait for.
    fn send(
        self: &Rc<Self>,
        progress: Option<Rc<dyn Fn(Progress)>>,
        message: &dyn Fn(JsValue) -> Object,
    ) -> impl Future<Output = Result<JsValue, Failure>> + use<> {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        let promise = Promise::new(&mut |resolve, _| {
            self.waiting.borrow_mut().insert(id, Waiting { resolve, progress: progress.clone() });
        });
        let dead = self.dead.borrow().clone();
        let posted = if dead.is_none() { self.worker.post_message(&message(id.into())) } else { Ok(()) };
        async move {
            if let Some(failure) = dead {
                return Err(failure);
            }
            posted.map_err(|e| Failure::missing("The engine could not be asked", &e))?;
            JsFuture::from(promise).await.map_err(|_| Failure::closed())
        }
    }

    fn hear(self: &Rc<Self>, data: &JsValue) {
        if field(data, "need").is_string() {
            return self.bring_full();
        }
        if field(data, "renewed").is_truthy() {
            let then = self.on_renewal.borrow().clone();
            return then.map_or((), |then| then());
        }
        let Some(id) = field(data, "id").as_f64() else {
            return;
        };
        // Numbers are made here and count up from 1: they fit.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let id = id as u32;
        if let Some(text) = field(data, "progress").as_string() {
            let then = self.waiting.borrow().get(&id).and_then(|waiting| waiting.progress.clone());
            if let (Some(then), Ok(progress)) = (then, serde_json::from_str(&text)) {
                then(progress);
            }
            return;
        }
        let fatal = failure(data).filter(Failure::fatal);
        let waiting = self.waiting.borrow_mut().remove(&id);
        if let Some(waiting) = waiting {
            let _ = waiting.resolve.call1(&JsValue::UNDEFINED, data);
        }
        if let Some(failure) = fatal {
            self.die(failure);
        }
    }

    /// Gives the worker the full engine.
    fn bring_full(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let files = self.files.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let full = files.full().await;
            let Some(inner) = weak.upgrade() else { return };
            let message = match full {
                Ok(full) => object(&[("full", &full.module), ("glue", &full.glue.into())]),
                Err(failure) => object(&[("full", &JsValue::NULL), ("message", &failure.message.into())]),
            };
            // A worker that is gone has told everybody who waits.
            let _ = inner.worker.post_message(&message);
        });
    }

    /// The worker is of no use any more: ends it and tells everybody who waits.
    fn die(&self, failure: Failure) {
        if self.dead.borrow().is_some() {
            return;
        }
        self.worker.terminate();
        self.dead.replace(Some(failure.clone()));
        let kind = match failure.kind {
            FailureKind::Memory => "memory",
            FailureKind::Closed => "closed",
            _ => "panic",
        };
        let failed = object(&[("kind", &kind.into()), ("message", &JsValue::from_str(&failure.message))]);
        let data = object(&[("failed", &failed)]);
        let waiting: Vec<_> = self.waiting.borrow_mut().drain().collect();
        for (_, waiting) in waiting {
            let _ = waiting.resolve.call1(&JsValue::UNDEFINED, &data);
        }
        let then = self.on_death.borrow().clone();
        if let Some(then) = then {
            then(failure);
        }
    }
}

fn failure(data: &JsValue) -> Option<Failure> {
    let failed = field(data, "failed");
    failed.is_object().then(|| {
        let kind = field(&failed, "kind").as_string().unwrap_or_default();
        Failure::from_worker(&kind, field(&failed, "message").as_string().unwrap_or_default())
    })
}

fn answer(data: &JsValue) -> Result<Answer, Failure> {
    if let Some(failure) = failure(data) {
        return Err(failure);
    }
    let text = field(data, "answer").as_string().ok_or_else(unexpected)?;
    match Answer::from_json(&text) {
        Ok(Answer::Refused { message }) => Err(Failure::new(FailureKind::Refused, message)),
        Ok(answer) => Ok(answer),
        Err(error) => {
            Err(Failure::new(FailureKind::Refused, format!("The engine's answer could not be read: {error}")))
        }
    }
}

/// Documents with all their runs: those that the first answer left out are asked for piece by piece.
async fn whole(engine: &WeakEngine, mut documents: Vec<DocumentView>) -> Result<Vec<DocumentView>, Failure> {
    for document in &mut documents {
        while document.more_runs > 0 {
            let engine = engine.upgrade().ok_or_else(Failure::closed)?;
            let from = u32::try_from(document.runs.len()).unwrap_or(u32::MAX);
            let request = Request::Runs { document: document.document, from, count: RUNS };
            let Answer::Runs { runs } = engine.ask(&request).await? else { return Err(unexpected()) };
            // Never so where the engine keeps its word; else it would be asked for ever.
            let came = u32::try_from(runs.len()).unwrap_or(u32::MAX).max(1);
            document.more_runs = document.more_runs.saturating_sub(came);
            document.runs.extend(runs);
        }
    }
    Ok(documents)
}

fn unexpected() -> Failure {
    Failure::new(FailureKind::Refused, "The engine answered something else than it was asked.")
}
