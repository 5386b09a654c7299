// The client of release 0.1, bundled as it was. It is never changed: every later service has to serve it.
// src/domain/refusal.ts
/**
* Somebody asked for what cannot be had. Thrown, because it must undo what its change had begun.
* Everything else that is thrown is a defect.
*/
var Refusal = class extends Error {
	name = "Refusal";
	code;
	facts;
	constructor(code, ...[facts]) {
		super(code);
		this.code = code;
		this.facts = facts ?? {};
	}
};
/** True for a refusal; with a code, for a refusal of that code. */
const isRefusal = (thrown, code) => thrown instanceof Refusal && (code === void 0 || thrown.code === code);
const invalid = (pointer, detail) => new Refusal("invalid", { errors: [{
	pointer,
	detail
}] });
new RegExp(`^[A-Za-z0-9._-]{3,32}$`);
const length = (text) => {
	let points = 0;
	for (const _ of text) points++;
	return points;
};
const TEXT_LIMIT = 4096;
/** What `TEXT_LIMIT` counts: code points, without white space at both ends. */
const textLength = (text) => length(text.trim());
/** Without white space at both ends; 1–4,096 code points without NUL and lone surrogates. */
function checkedText(text) {
	const trimmed = text.trim();
	if (trimmed === "") throw new Refusal("text-empty");
	if (trimmed.includes("\0") || !trimmed.isWellFormed()) throw invalid("/text", "holds neither NUL nor lone surrogates");
	if (trimmed.length > 4096) {
		const points = textLength(trimmed);
		if (points > 4096) throw new Refusal("text-too-long", {
			limit: TEXT_LIMIT,
			length: points
		});
	}
	return trimmed;
}
// src/client/platform/platform.ts
const nothing = () => {};
/** What lasts longer, timers take for no time at all. */
const LONGEST = 2147483647;
/** The surroundings as the browser, or Node, has them. A socket is looked for when it is needed. */
function defaultPlatform() {
	const { navigator, document, addEventListener, removeEventListener } = globalThis;
	const inTurn = turns();
	return {
		fetch: (...given) => globalThis.fetch(...given),
		get WebSocket() {
			return globalThis.WebSocket;
		},
		now: () => Date.now(),
		random: () => Math.random(),
		newId: () => newId(),
		later(ms, callback) {
			const timer = setTimeout(callback, Math.min(ms, LONGEST));
			return () => clearTimeout(timer);
		},
		lock: (name, work, signal) => navigator?.locks ? navigator.locks.request(name, signal ? { signal } : {}, work) : inTurn(name, work, signal),
		channel(name) {
			if (typeof BroadcastChannel === "undefined") return {
				post: nothing,
				listen: nothing,
				close: nothing
			};
			const channel = new BroadcastChannel(name);
			if ("unref" in channel && typeof channel.unref === "function") channel.unref();
			return {
				post: (message) => channel.postMessage(message),
				listen: (listener) => channel.addEventListener("message", ({ data }) => listener(data)),
				close: () => channel.close()
			};
		},
		isOnline: () => navigator?.onLine !== false,
		watch(listener) {
			if (!document || !addEventListener || !removeEventListener) return nothing;
			const online = () => listener("online");
			const offline = () => listener("offline");
			const shown = () => document.visibilityState === "visible" && listener("shown");
			addEventListener("online", online);
			addEventListener("offline", offline);
			addEventListener("pageshow", shown);
			document.addEventListener("visibilitychange", shown);
			return () => {
				removeEventListener("online", online);
				removeEventListener("offline", offline);
				removeEventListener("pageshow", shown);
				document.removeEventListener("visibilitychange", shown);
			};
		}
	};
}
/** The same promise where there are no other tabs. */
function turns() {
	const queues = /* @__PURE__ */ new Map();
	return (name, work, signal) => {
		const mine = (queues.get(name) ?? Promise.resolve()).then(() => signal?.aborted ? Promise.reject(signal.reason) : work());
		const settled = mine.then(nothing, nothing);
		queues.set(name, settled);
		settled.then(() => queues.get(name) === settled && queues.delete(name));
		return mine;
	};
}
/** `crypto.randomUUID` exists on secure origins only; a page on `http://192.168…` has none. */
function newId() {
	const bytes = crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16));
	bytes[6] = bytes[6] & 15 | 64;
	bytes[8] = bytes[8] & 63 | 128;
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
// src/client/platform/store.ts
/** A store that holds what it was last given. */
function cell(initial) {
	let value = initial;
	const { subscribe, tell } = listeners();
	return {
		get: () => value,
		subscribe,
		set(next) {
			if (Object.is(next, value)) return;
			value = next;
			tell();
		}
	};
}
/** A store that is made when somebody looks, out of what was there before. */
function derived(make) {
	let value;
	let isFresh = false;
	const { subscribe, tell } = listeners();
	return {
		get() {
			if (!isFresh) {
				isFresh = true;
				value = make(value);
			}
			return value;
		},
		subscribe,
		changed() {
			isFresh = false;
			tell();
		}
	};
}
function listeners() {
	const all = /* @__PURE__ */ new Set();
	return {
		subscribe(listener) {
			const own = () => listener();
			all.add(own);
			return () => void all.delete(own);
		},
		tell() {
			for (const listener of all) safely(listener);
		}
	};
}
/** A listener that throws is a fault of its own: it is reported as uncaught, and disturbs nobody else. */
function safely(listener) {
	try {
		listener();
	} catch (error) {
		queueMicrotask(() => {
			throw error;
		});
	}
}
/** The same list if nothing in it has changed. */
const sameList = (before, now) => before && before.length === now.length && before.every((item, i) => Object.is(item, now[i])) ? before : now;
// src/adapters/wire/routes.ts
const BASE_PATH = "/api/v1";
const SOCKET_PATH = "/api/v1/ws";
/** Method and path of each call. `endpoints.ts` has everything else; this part is small enough for a browser. */
const routes = {
	getService: {
		method: "get",
		path: "/"
	},
	register: {
		method: "post",
		path: "/auth/register"
	},
	login: {
		method: "post",
		path: "/auth/login"
	},
	issueToken: {
		method: "post",
		path: "/auth/token"
	},
	refresh: {
		method: "post",
		path: "/auth/refresh"
	},
	logout: {
		method: "post",
		path: "/auth/logout"
	},
	changePassword: {
		method: "post",
		path: "/auth/password"
	},
	listSessions: {
		method: "get",
		path: "/auth/sessions"
	},
	endSession: {
		method: "delete",
		path: "/auth/sessions/{session_id}"
	},
	createGuest: {
		method: "post",
		path: "/auth/guest"
	},
	getMe: {
		method: "get",
		path: "/users/me"
	},
	updateMe: {
		method: "patch",
		path: "/users/me"
	},
	deleteMe: {
		method: "post",
		path: "/users/me/delete"
	},
	findUsers: {
		method: "get",
		path: "/users"
	},
	getUser: {
		method: "get",
		path: "/users/{user_id}"
	},
	sendMessageToUser: {
		method: "post",
		path: "/users/{user_id}/messages"
	},
	createChat: {
		method: "post",
		path: "/chats"
	},
	listChats: {
		method: "get",
		path: "/chats"
	},
	getChat: {
		method: "get",
		path: "/chats/{chat_id}"
	},
	renameChat: {
		method: "patch",
		path: "/chats/{chat_id}"
	},
	deleteChat: {
		method: "delete",
		path: "/chats/{chat_id}"
	},
	listMembers: {
		method: "get",
		path: "/chats/{chat_id}/members"
	},
	addMembers: {
		method: "post",
		path: "/chats/{chat_id}/members"
	},
	removeMembers: {
		method: "delete",
		path: "/chats/{chat_id}/members"
	},
	changeRole: {
		method: "patch",
		path: "/chats/{chat_id}/members/{user_id}"
	},
	removeMember: {
		method: "delete",
		path: "/chats/{chat_id}/members/{user_id}"
	},
	sendMessage: {
		method: "post",
		path: "/chats/{chat_id}/messages"
	},
	listMessages: {
		method: "get",
		path: "/chats/{chat_id}/messages"
	},
	searchMessages: {
		method: "get",
		path: "/messages"
	},
	getMessage: {
		method: "get",
		path: "/chats/{chat_id}/messages/{message_id}"
	},
	editMessage: {
		method: "patch",
		path: "/chats/{chat_id}/messages/{message_id}"
	},
	deleteMessage: {
		method: "delete",
		path: "/chats/{chat_id}/messages/{message_id}"
	},
	markRead: {
		method: "post",
		path: "/chats/{chat_id}/read"
	},
	markMessageRead: {
		method: "put",
		path: "/chats/{chat_id}/messages/{message_id}/read"
	},
	listReaders: {
		method: "get",
		path: "/chats/{chat_id}/messages/{message_id}/readers"
	},
	listEvents: {
		method: "get",
		path: "/chats/{chat_id}/events"
	}
};
// src/client/calls/problem.ts
const problemError = (problem) => Object.assign(new Error(problem.title), {
	name: "ProblemError",
	code: problem.code,
	status: problem.status,
	problem
});
const localProblem = (code, title) => ({
	type: "about:blank",
	title,
	status: 0,
	code,
	request_id: ""
});
const localError = (code, title) => problemError(localProblem(code, title));
/** True for all that calls of this client reject with, but for an aborted signal. */
const isProblem = (error) => error instanceof Error && error.name === "ProblemError";
/** What went wrong may go right later: nothing came back, or the service is in trouble, or asks for patience. */
const isPassing = (error) => !isProblem(error) || error.status < 400 || error.status >= 500 || error.status === 408 || error.status === 429 || error.status === 401;
/** It cannot be told whether the command was carried out. */
const isUncertain = (error) => !isProblem(error) || error.status === 0 || error.code === "internal";
/** True when trying again by itself may help. */
const isWorthRetrying = (error) => isPassing(error) && !(isProblem(error) && ["signed-out", "closed"].includes(error.code));
// src/client/calls/http.ts
const TIMEOUT = 3e4;
/** Calls of those who need not be known. Rejects with a `ProblemError`, or with the reason of the signal. */
function openCalls({ url, fetch, later }, token) {
	const base = url.replace(/\/+$/, "") + BASE_PATH;
	return async (operation, { params = {}, query = {}, body, signal } = {}) => {
		const { method, path } = routes[operation];
		const given = Object.entries(query).flatMap(([name, value]) => value === void 0 ? [] : [[name, String(value)]]);
		const search = given.length > 0 ? `?${new URLSearchParams(given)}` : "";
		const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
		const headers = { accept: "application/json" };
		if (body !== void 0) headers["content-type"] = "application/json";
		if (token) headers["authorization"] = `Bearer ${await token()}`;
		const over = new AbortController();
		const stop = later(TIMEOUT, () => over.abort(localError("timeout", "No answer came in time")));
		const both = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
		try {
			const init = {
				method: method.toUpperCase(),
				headers,
				signal: both,
				credentials: "omit"
			};
			if (body !== void 0) init.body = JSON.stringify(body);
			const response = await fetch(`${base}${address === "/" ? "" : address}${search}`, init);
			const text = await response.text();
			if (response.ok) return text === "" ? void 0 : JSON.parse(text);
			throw problemError(readProblem(text, response.status));
		} catch (error) {
			signal?.throwIfAborted();
			over.signal.throwIfAborted();
			if (isProblem(error)) throw error;
			throw localError("network", "The service cannot be reached");
		} finally {
			stop();
		}
	};
}
/** Calls of somebody who is known. A token that is refused is renewed once. */
function signedCalls(needs, getToken) {
	const call = (isFresh, signal) => openCalls(needs, () => getToken({
		isFresh,
		signal
	}));
	return async (operation, request = {}) => {
		try {
			return await call(false, request.signal)(operation, request);
		} catch (error) {
			if (!isProblem(error) || error.code !== "token-expired" && error.code !== "unauthenticated") throw error;
			return await call(true, request.signal)(operation, request);
		}
	};
}
/** What stands between may answer in a form of its own. */
function readProblem(text, status) {
	try {
		const told = JSON.parse(text);
		if (typeof told === "object" && told !== null && "code" in told) return {
			status,
			...told
		};
	} catch {}
	return {
		type: "about:blank",
		title: `The service answered ${status}`,
		status,
		code: "unreadable",
		request_id: ""
	};
}
// src/client/calls/read-wire.ts
const millis = (time) => Date.parse(time);
const perhaps = (time) => time === null ? void 0 : millis(time);
const readPerson = ({ id, username, name, last_seen_at }) => ({
	id,
	username: username ?? void 0,
	name: name ?? void 0,
	lastSeenAt: perhaps(last_seen_at)
});
const asDomainPerson = (user) => readPerson(user);
const readMe = (me) => ({
	...readPerson(me),
	email: me.email ?? void 0,
	createdAt: millis(me.created_at)
});
const readSession = (session, now) => ({
	user: readMe(session.user),
	sessionId: session.session_id,
	accessToken: session.access_token,
	accessExpiresAt: now + session.expires_in * 1e3,
	refreshToken: session.refresh_token,
	refreshExpiresAt: now + session.refresh_expires_in * 1e3
});
const readSessionEntry = (entry) => ({
	id: entry.id,
	deviceName: entry.device_name ?? void 0,
	createdAt: millis(entry.created_at),
	lastUsedAt: millis(entry.last_used_at),
	isCurrent: entry.current
});
/** A message in the domain's shape, so that `evolve` changes it. Its key is for ever: the sender's own, or else the id. */
const readMessage = (message) => ({
	id: message.id,
	chatId: message.chat_id,
	seq: message.seq,
	n: 0,
	sender: asDomainPerson({
		...message.sender,
		last_seen_at: null
	}),
	clientMessageId: message.client_message_id ?? message.id,
	bodyHash: "",
	text: message.text ?? void 0,
	replyTo: message.reply_to ?? void 0,
	version: message.version,
	at: millis(message.created_at),
	editedAt: perhaps(message.edited_at),
	deletedAt: perhaps(message.deleted_at),
	changedSeq: 0
});
const senderOf = ({ id, username, name }) => ({
	id,
	username,
	name
});
const showMessage = (message) => {
	const { id, chatId, seq, clientMessageId, text, replyTo, version, at, editedAt, deletedAt } = message;
	return {
		id,
		chatId,
		seq,
		sender: senderOf(message.sender),
		clientMessageId: clientMessageId === id ? void 0 : clientMessageId,
		text,
		replyTo,
		version,
		at,
		editedAt,
		deletedAt
	};
};
/** Undefined for a kind of event that this version does not know: its `seq` counts all the same. */
function readEvent(event) {
	const common = {
		chatId: event.chat_id,
		seq: event.seq,
		at: millis(event.at),
		actorId: event.actor_id
	};
	switch (event.type) {
		case "chat.created": {
			const members = event.members.map(({ user, role }) => ({
				person: asDomainPerson(user),
				role
			}));
			return {
				...common,
				type: event.type,
				kind: event.kind,
				name: event.name ?? void 0,
				key: void 0,
				members
			};
		}
		case "chat.renamed": return {
			...common,
			type: event.type,
			name: event.name
		};
		case "member.added": return {
			...common,
			type: event.type,
			person: asDomainPerson(event.user),
			role: event.role
		};
		case "member.left":
		case "member.removed":
		case "author.erased": return {
			...common,
			type: event.type,
			userId: event.user_id
		};
		case "member.role_changed": return {
			...common,
			type: event.type,
			userId: event.user_id,
			role: event.role
		};
		case "message.sent": return {
			...common,
			type: event.type,
			message: readMessage(event.message)
		};
		case "message.edited": return {
			...common,
			type: event.type,
			messageId: event.message_id,
			messageSeq: event.message_seq,
			text: event.text ?? void 0,
			version: event.version,
			editedAt: millis(event.edited_at)
		};
		case "message.deleted": return {
			...common,
			type: event.type,
			messageId: event.message_id,
			messageSeq: event.message_seq,
			deletedAt: millis(event.deleted_at)
		};
		default: return;
	}
}
// src/client/calls/auth.ts
/** A token that ends so soon is renewed before it is used. */
const MARGIN = 3e4;
const memorySessionStore = (session) => {
	let kept = session;
	return {
		read: () => kept,
		write: (next) => void (kept = next)
	};
};
/**
* Keeps the session where the browser keeps it: `sessionStorage`, so that each tab is somebody of its own, or `localStorage`, so that
* all are one.
*/
const webSessionStore = (storage, name = "windi-chat.session") => ({
	read() {
		try {
			const text = storage.getItem(name);
			return text === null ? void 0 : JSON.parse(text);
		} catch {
			return;
		}
	},
	write: (session) => session ? storage.setItem(name, JSON.stringify(session)) : storage.removeItem(name)
});
/** Signing in and staying so. */
function createAuth({ url, store = memorySessionStore(), fetch, platform }) {
	const surroundings = {
		...defaultPlatform(),
		...platform,
		...fetch && { fetch }
	};
	const { now, lock } = surroundings;
	const call = openCalls({
		url,
		fetch: surroundings.fetch,
		later: surroundings.later
	});
	const session = cell(void 0);
	let renewal;
	const restored = (async () => {
		const kept = await store.read();
		if (kept && !session.get()) session.set(kept);
		return session.get();
	})();
	async function keep(next) {
		await restored;
		await store.write(next);
		session.set(next);
	}
	async function signIn(answer) {
		const next = readSession(await answer, now());
		await keep(next);
		return next;
	}
	/** Another tab that shares the store may have renewed it meanwhile. */
	const renew = (before) => lock(`windi-chat:session:${before.sessionId}`, async () => {
		const kept = await store.read();
		if (kept?.sessionId === before.sessionId && kept.accessToken !== before.accessToken && isGood(kept)) {
			session.set(kept);
			return kept.accessToken;
		}
		const spent = kept?.sessionId === before.sessionId ? kept.refreshToken : before.refreshToken;
		try {
			return (await signIn(call("refresh", { body: { refresh_token: spent } }))).accessToken;
		} catch (error) {
			if (!isProblem(error) || error.status !== 401) throw error;
			if (session.get()?.sessionId === before.sessionId) await keep(void 0);
			throw signedOut();
		}
	});
	const isGood = ({ accessExpiresAt }) => accessExpiresAt - now() > MARGIN;
	return {
		session,
		restored,
		service: ({ signal } = {}) => call("getService", { signal }),
		register: ({ deviceName, ...person }, { signal } = {}) => signIn(call("register", {
			body: {
				...person,
				device_name: deviceName
			},
			signal
		})),
		login: ({ deviceName, ...credentials }, { signal } = {}) => signIn(call("login", {
			body: {
				...credentials,
				device_name: deviceName
			},
			signal
		})),
		guest: (person = {}, { signal } = {}) => signIn(call("createGuest", {
			body: person,
			signal
		})),
		async logout({ signal } = {}) {
			const current = session.get() ?? await restored;
			if (!current) return;
			await keep(void 0);
			const { accessToken } = current;
			await openCalls({
				url,
				fetch: surroundings.fetch,
				later: surroundings.later
			}, () => Promise.resolve(accessToken))("logout", { signal }).catch((error) => {
				if (!isProblem(error)) throw error;
			});
		},
		async getToken({ isFresh = false, signal } = {}) {
			const current = session.get() ?? await restored;
			signal?.throwIfAborted();
			if (!current) throw signedOut();
			if (!isFresh && isGood(current)) return current.accessToken;
			renewal ??= renew(current).finally(() => void (renewal = void 0));
			return await renewal;
		}
	};
}
const signedOut = () => localError("signed-out", "Nobody is signed in");
// src/client/calls/pages.ts
/** A page of a list, each item by `read`. */
const readPage = (page, read) => ({
	items: page.items.map(read),
	next: page.next ?? void 0
});
// src/client/calls/account.ts
/** Oneself. */
const account = (me, call) => ({
	me,
	async update(change, { signal } = {}) {
		const updated = readMe(await call("updateMe", {
			body: change,
			signal
		}));
		me.set(updated);
		return updated;
	},
	changePassword: (currentPassword, newPassword, { signal } = {}) => call("changePassword", {
		body: {
			current_password: currentPassword,
			new_password: newPassword
		},
		signal
	}),
	async sessions({ signal, ...query } = {}) {
		return readPage(await call("listSessions", {
			query,
			signal
		}), readSessionEntry);
	},
	endSession: (sessionId, { signal } = {}) => call("endSession", {
		params: { session_id: sessionId },
		signal
	}),
	delete: (password, { signal } = {}) => call("deleteMe", {
		body: { password },
		signal
	})
});
// src/client/calls/people.ts
/** Of so many people at most it is kept who is there. */
const KEPT$1 = 2e3;
function people(call) {
	const presence = cell(/* @__PURE__ */ new Map());
	function set(changes) {
		const next = new Map(presence.get());
		for (const [id, state] of changes) {
			next.delete(id);
			next.set(id, state);
		}
		for (const id of next.keys()) {
			if (next.size <= KEPT$1) break;
			next.delete(id);
		}
		if (changes.length > 0) presence.set(next);
	}
	return {
		presence,
		async find(query, { signal, ...rest } = {}) {
			return readPage(await call("findUsers", {
				query: {
					query: query === "" ? void 0 : query,
					...rest
				},
				signal
			}), readPerson);
		},
		get: async (userId, { signal } = {}) => readPerson(await call("getUser", {
			params: { user_id: userId },
			signal
		})),
		heard: ({ user_id, online, last_seen_at }) => set([[user_id, {
			isOnline: online,
			lastSeenAt: last_seen_at === null ? void 0 : millis(last_seen_at)
		}]]),
		present: (userIds) => set(userIds.map((id) => [id, {
			isOnline: true,
			lastSeenAt: void 0
		}])),
		unknown() {
			if (presence.get().size > 0) presence.set(/* @__PURE__ */ new Map());
		}
	};
}
// src/client/socket/cursor.ts
/** What is held beyond a hole is fetched again anyway; so little of it will do. */
const HELD = 256;
const cursorAt = (last) => ({
	last,
	head: last,
	held: /* @__PURE__ */ new Map(),
	skips: []
});
/** True when something is missing: ask for what comes after `last`. */
const isBehind = (cursor) => cursor.head > cursor.last;
/**
* The next number is applied, an earlier one ignored, a later one held until the hole before it is closed. Answers what is to be
* applied now, in order.
*/
function receive(cursor, event) {
	const { seq } = event;
	learn(cursor, seq);
	if (seq <= cursor.last) return [];
	if (seq > cursor.last + 1) {
		if (cursor.held.size < HELD) cursor.held.set(seq, event);
		return [];
	}
	cursor.last = seq;
	return [event, ...release(cursor)];
}
/** Numbers that this viewer is not shown: where they touch `last` they move it, else they wait. */
function skip(cursor, from, to) {
	learn(cursor, to);
	if (to <= cursor.last) return [];
	if (cursor.skips.length < HELD) cursor.skips.push({
		from,
		to
	});
	return release(cursor);
}
/** Somebody says that the log goes up to here. */
function learn(cursor, head) {
	cursor.head = Math.max(cursor.head, head);
}
/** Moves over a hole that is not to be closed by this cursor. Answers what was waiting behind it. */
function leap(cursor, to) {
	learn(cursor, to);
	cursor.last = Math.max(cursor.last, to);
	return release(cursor);
}
function release(cursor) {
	const ready = [];
	for (;;) {
		const before = cursor.last;
		const next = cursor.held.get(before + 1);
		if (next) {
			ready.push(next);
			cursor.last = next.seq;
		}
		for (const { from, to } of cursor.skips) if (from <= cursor.last + 1 && to > cursor.last) cursor.last = to;
		if (cursor.last === before) break;
	}
	for (const seq of cursor.held.keys()) if (seq <= cursor.last) cursor.held.delete(seq);
	const waiting = cursor.skips.filter(({ to }) => to > cursor.last);
	cursor.skips.splice(0, cursor.skips.length, ...waiting);
	return ready;
}
// src/domain/decision.ts
const emptyState = () => ({
	chat: null,
	members: /* @__PURE__ */ new Map(),
	earlier: /* @__PURE__ */ new Map(),
	messages: /* @__PURE__ */ new Map(),
	people: /* @__PURE__ */ new Map()
});
// src/domain/kinds/kind.ts
const same = { change: "none" };
/** The chat that an event belongs to. */
function chatOf({ chat }) {
	if (!chat) throw new Error("defect: something happened in a chat that does not exist");
	return chat;
}
// src/domain/kinds/chats.ts
const chats = {
	"chat.created": {
		evolve(state, { chatId: id, seq, at, kind, name, key, members }) {
			state.chat = {
				id,
				kind,
				name,
				key,
				createdAt: at,
				headSeq: 0,
				headN: 0,
				headAt: at,
				memberSeq: seq,
				memberCount: members.length
			};
			for (const { person, role } of members) state.members.set(person.id, {
				person,
				role,
				joinedSeq: seq,
				joinedAt: at
			});
		},
		audience: {
			change: "joins",
			who: ({ members }) => members.map(({ person }) => person.id)
		},
		endsTyping: false
	},
	"chat.renamed": {
		evolve(state, { name }) {
			state.chat = {
				...chatOf(state),
				name
			};
		},
		audience: same,
		endsTyping: false
	},
	"chat.deleted": {
		evolve(state) {
			state.chat = null;
		},
		audience: { change: "ends" },
		endsTyping: false
	}
};
// src/domain/kinds/members.ts
function take(state, { userId }) {
	state.members.set(userId, null);
	state.chat = {
		...chatOf(state),
		memberCount: chatOf(state).memberCount - 1
	};
}
const who = ({ userId }) => userId;
const members = {
	"member.added": {
		evolve(state, { person, role, seq, at }) {
			state.members.set(person.id, {
				person,
				role,
				joinedSeq: seq,
				joinedAt: at
			});
			state.chat = {
				...chatOf(state),
				memberCount: chatOf(state).memberCount + 1
			};
		},
		audience: {
			change: "joins",
			who: ({ person }) => [person.id]
		},
		endsTyping: false
	},
	"member.left": {
		evolve: take,
		audience: {
			change: "leaves",
			who,
			how: "left"
		},
		endsTyping: false
	},
	"member.removed": {
		evolve: take,
		audience: {
			change: "leaves",
			who,
			how: "removed"
		},
		endsTyping: false
	},
	"member.role_changed": {
		evolve(state, { userId, role }) {
			const member = state.members.get(userId);
			if (member) state.members.set(userId, {
				...member,
				role
			});
		},
		audience: same,
		endsTyping: false
	}
};
// src/domain/ids.ts
/** The name of a send across a whole chat: who, and which of their keys. */
const sendKey = (sender, key) => `${sender} ${key}`;
// src/domain/kinds/messages.ts
/** A message that the state holds by its id may be in it by its key too. */
function change({ messages, earlier }, id, to) {
	const message = messages.get(id);
	if (!message) return;
	const changed = to(message);
	const key = sendKey(message.sender.id, message.clientMessageId);
	messages.set(id, changed);
	if (earlier.has(key)) earlier.set(key, changed);
}
const messages = {
	"message.sent": {
		evolve(state, { message }) {
			state.messages.set(message.id, message);
			state.earlier.set(sendKey(message.sender.id, message.clientMessageId), message);
			state.chat = {
				...chatOf(state),
				headN: message.n
			};
		},
		audience: same,
		endsTyping: true
	},
	"message.edited": {
		evolve(state, { messageId, text, version, editedAt, seq }) {
			change(state, messageId, (message) => ({
				...message,
				text,
				version,
				editedAt,
				changedSeq: seq
			}));
		},
		audience: same,
		endsTyping: false
	},
	"message.deleted": {
		evolve(state, { messageId, deletedAt, seq }) {
			change(state, messageId, (message) => ({
				...message,
				text: void 0,
				deletedAt,
				changedSeq: seq
			}));
		},
		audience: same,
		endsTyping: false
	},
	"author.erased": {
		evolve(state, { userId, seq, at }) {
			for (const held of [state.messages, state.earlier]) for (const [name, message] of held) if (message?.sender.id === userId && message.deletedAt === void 0) held.set(name, {
				...message,
				text: void 0,
				deletedAt: at,
				changedSeq: seq
			});
		},
		audience: same,
		endsTyping: false
	}
};
// src/domain/kinds/kinds.ts
/** Every kind of event. An unknown one moves the head of the log and changes nothing else. */
const kinds = {
	...chats,
	...members,
	...messages,
	unknown: {
		evolve() {},
		audience: same,
		endsTyping: false
	}
};
const kindOf = ({ type }) => kinds[type];
const nobody = [];
/** Who is a member from this event on. */
function joinersOf(event) {
	const { audience } = kindOf(event);
	return audience.change === "joins" ? audience.who(event) : nobody;
}
/** Who is no longer a member after this event. */
function leaverOf(event) {
	const { audience } = kindOf(event);
	return audience.change === "leaves" ? audience.who(event) : void 0;
}
function changesMembers(event) {
	const { change } = kindOf(event).audience;
	return change === "joins" || change === "leaves";
}
// src/domain/evolve.ts
/**
* State + event → state. The maps of a state that the caller gives away are changed; otherwise they are copied first,
* which costs more the more a state holds.
*/
function evolve(state, event, ownership = "kept") {
	const next = ownership === "given" ? state : copied(state);
	const kind = kindOf(event);
	kind.evolve(next, event);
	const { seq, at } = event;
	if (kind.audience.change !== "ends") next.chat = {
		...chatOf(next),
		headSeq: seq,
		headAt: at,
		...changesMembers(event) && { memberSeq: seq }
	};
	return next;
}
const copied = (state) => ({
	chat: state.chat,
	members: new Map(state.members),
	earlier: new Map(state.earlier),
	messages: new Map(state.messages),
	people: new Map(state.people)
});
// src/client/copy/timeline.ts
/** Of one chat no more is kept: the far end is forgotten. */
const KEPT = 2e4;
function emptyTimeline(chatId, head) {
	const state = emptyState();
	state.chat = {
		id: chatId,
		kind: "group",
		name: void 0,
		key: void 0,
		createdAt: 0,
		headSeq: head,
		headN: 0,
		headAt: 0,
		memberSeq: 0,
		memberCount: 0
	};
	return {
		state,
		head,
		spans: [],
		order: [],
		version: 0
	};
}
/** The window at the end of the log, if there is one. */
const liveSpan = ({ spans, head }) => {
	const last = spans.at(-1);
	return last && last.to >= head ? last : void 0;
};
/** The window around a place; the last one for `Infinity`. */
const spanAt = ({ spans }, seq) => seq === Number.POSITIVE_INFINITY ? spans.at(-1) : spans.find(({ from, to }) => from <= seq && seq <= Math.max(from, to));
/** The next event of the log. An event of an unknown kind is a number and nothing else. */
function apply(timeline, seq, event) {
	const live = liveSpan(timeline);
	if (event && (live || event.type !== "message.sent")) absorb(timeline, event);
	if (live) live.to = Math.max(live.to, seq);
	timeline.head = Math.max(timeline.head, seq);
	if (live && timeline.order.length > 2e4) forgetOldest(timeline, KEPT);
}
/** What an event says of messages, whenever it is heard. */
function absorb(timeline, event) {
	const { state } = timeline;
	const { chat } = state;
	switch (event.type) {
		case "message.sent": return know(timeline, event.message);
		case "message.edited": {
			const known = state.messages.get(event.messageId);
			if (!known || known.version >= event.version) return;
			if (known.deletedAt === void 0) break;
			state.messages.set(known.id, {
				...known,
				version: event.version,
				editedAt: event.editedAt
			});
			timeline.version++;
			return;
		}
		case "message.deleted": {
			const known = state.messages.get(event.messageId);
			if (known?.deletedAt === void 0) break;
			if (known.deletedAt <= event.deletedAt) return;
			state.messages.set(known.id, {
				...known,
				deletedAt: event.deletedAt
			});
			timeline.version++;
			return;
		}
		case "chat.created":
		case "chat.deleted": return;
	}
	evolve(state, event, "given");
	state.chat = chat;
	if (event.type === "author.erased") forgetNames(timeline, event.userId);
	timeline.version++;
}
/** The service names the erased no longer; nor does a copy. */
function forgetNames({ state }, userId) {
	for (const [id, message] of state.messages) if (message?.sender.id === userId) state.messages.set(id, {
		...message,
		sender: {
			...message.sender,
			name: void 0,
			username: void 0
		}
	});
}
/** A message, from wherever: a page, an answer, an event. */
function know(timeline, message) {
	const { state, order } = timeline;
	const known = state.messages.get(message.id);
	const merged = known ? later(known, message) : message;
	if (merged === known) return;
	state.messages.set(message.id, merged);
	state.earlier.set(sendKey(merged.sender.id, merged.clientMessageId), merged);
	if (!known) order.splice(place(timeline, message.seq), 0, message.id);
	timeline.version++;
}
/** A page of messages: all that there are from one place to another. */
function addPage(timeline, messages, { from, to }) {
	for (const message of messages) know(timeline, message);
	const apart = timeline.spans.filter((span) => span.to + 1 < from || span.from > to + 1);
	const joined = timeline.spans.filter((span) => !apart.includes(span));
	const span = {
		from: Math.min(from, ...joined.map((one) => one.from)),
		to: Math.max(to, ...joined.map((one) => one.to))
	};
	timeline.spans = [...apart, span].sort((a, b) => a.from - b.from);
	timeline.version++;
}
/** Numbers up to `to` were not told: a new window begins behind them. */
function leave(timeline, to) {
	if (to <= timeline.head) return;
	if (timeline.spans.length > 0) timeline.spans.push({
		from: to + 1,
		to
	});
	timeline.head = to;
	timeline.version++;
}
/** Events that were left out, now read after all; `from` … `to` is whole by them. */
function closeHole(timeline, { from, to }, events) {
	if (timeline.spans.length === 0) return;
	for (const event of events) absorb(timeline, event);
	addPage(timeline, [], {
		from,
		to
	});
}
/** Forgets what lies below a place: it may be too old. */
function forgetBelow(timeline, seq) {
	timeline.spans = timeline.spans.filter((span) => span.to >= seq || span.from >= seq).map((span) => ({
		from: Math.max(span.from, seq),
		to: span.to
	}));
	const cut = place(timeline, seq);
	for (const id of timeline.order.splice(0, cut)) drop(timeline, id);
	timeline.version++;
}
/** Forgets all but the newest of the live window. */
function forgetOldest(timeline, kept) {
	const { order, state } = timeline;
	const first = order[order.length - kept];
	if (first === void 0) return;
	forgetBelow(timeline, state.messages.get(first).seq);
}
/** Forgets everything, and starts at a place of the log. */
function forgetAll(timeline, head) {
	for (const id of timeline.order.splice(0)) drop(timeline, id);
	timeline.spans = [];
	timeline.head = head;
	timeline.version++;
}
function drop({ state }, id) {
	const message = state.messages.get(id);
	state.messages.delete(id);
	if (message) state.earlier.delete(sendKey(message.sender.id, message.clientMessageId));
}
/** The messages of a window, ascending; those of the live one include what was heard of ahead of the log. */
function messagesIn(timeline, span) {
	const { order, state } = timeline;
	const end = span === liveSpan(timeline) ? order.length : place(timeline, span.to + 1);
	return order.slice(place(timeline, span.from), end).map((id) => state.messages.get(id));
}
/** Where in the order a `seq` stands, or would. */
function place({ order, state }, seq) {
	let low = 0;
	let high = order.length;
	while (low < high) {
		const middle = low + high >>> 1;
		if (state.messages.get(order[middle]).seq < seq) low = middle + 1;
		else high = middle;
	}
	return low;
}
/** What two reports of one message say together: the higher version, deleted for ever, without names for ever. */
function later(one, other) {
	const newer = other.version > one.version ? other : one;
	const deletedAt = earlier(one.deletedAt, other.deletedAt);
	const sender = other.sender.name === void 0 ? other.sender : one.sender;
	if (newer === one && deletedAt === one.deletedAt && sender.name === one.sender.name) return one;
	return {
		...newer,
		clientMessageId: one.clientMessageId,
		sender,
		deletedAt,
		text: deletedAt === void 0 ? newer.text : void 0
	};
}
const earlier = (one, other) => one === void 0 || other === void 0 ? one ?? other : Math.min(one, other);
function copies() {
	const all = /* @__PURE__ */ new Map();
	const watchers = /* @__PURE__ */ new Set();
	let recordings = 0;
	return {
		at(id) {
			const known = all.get(id);
			if (known) return known;
			const copy = {
				id,
				cursor: void 0,
				timeline: emptyTimeline(id, 0),
				item: void 0,
				marks: /* @__PURE__ */ new Map(),
				typing: [],
				recorded: [],
				generation: 0,
				isFetching: false,
				isHidden: false,
				watchers: /* @__PURE__ */ new Set()
			};
			all.set(id, copy);
			return copy;
		},
		find: (id) => all.get(id),
		all: () => all.values(),
		record() {
			recordings++;
			let isOver = false;
			return () => {
				if (isOver) return;
				isOver = true;
				if (--recordings === 0) for (const copy of all.values()) copy.recorded.length = 0;
			};
		},
		isRecording: () => recordings > 0,
		watch: (watcher) => void watchers.add(watcher),
		touch(copy, ...aspects) {
			for (const aspect of aspects) {
				for (const watcher of copy.watchers) watcher(aspect);
				for (const watcher of watchers) watcher(copy, aspect);
			}
		}
	};
}
/** Begins anew at a place of the log, or at none. */
function startOver(copy, head) {
	copy.cursor = head === void 0 ? void 0 : cursorAt(head);
	copy.generation++;
	copy.recorded.length = 0;
	copy.marks.clear();
	forgetAll(copy.timeline, head ?? 0);
}
/** What was applied above a place, all of it; undefined where some of it was not kept. */
function recordedAbove(copy, seq) {
	if ((copy.cursor?.last ?? seq) <= seq) return [];
	const kept = copy.recorded.filter((one) => one.seq > seq);
	return copy.recorded.length <= 2e3 && kept.length > 0 ? kept : void 0;
}
/** Counted, where all messages that may be unread are known. */
function countUnread({ timeline, item }, me) {
	const live = liveSpan(timeline);
	if (!item || !live || live.from > item.readSeq + 1) return void 0;
	const { readSeq } = item;
	return messagesIn(timeline, live).filter(({ seq, sender, deletedAt }) => seq > readSeq && sender.id !== me && deletedAt === void 0).length;
}
const LONGEST_WAIT = 3e4;
/** How long to wait before an attempt, the first is 1: anything up to a bound that doubles, so that nobody comes back in step with others. */
const fullJitter = (attempt, random, { first = 500, longest = LONGEST_WAIT } = {}) => Math.round(random() * Math.min(longest, first * 2 ** Math.min(attempt, 20)));
/** Tries again what failed, later and later; once it is said to have worked, soon again. */
function retrying({ later, random }, again) {
	let attempt = 0;
	let cancel = () => {};
	return {
		failed() {
			cancel();
			cancel = later(500 + fullJitter(++attempt, random), again);
		},
		worked() {
			cancel();
			attempt = 0;
		}
	};
}
// src/client/outbox/handle.ts
/** What a sender holds of one message on its way. */
function handleOf({ key, chatId }, state, act) {
	const isSettled = () => [
		"sent",
		"failed",
		"cancelled"
	].includes(state.get().status);
	return {
		...act,
		key,
		chatId,
		get: state.get,
		subscribe: state.subscribe,
		settled: ({ signal } = {}) => new Promise((resolve, reject) => {
			if (signal?.aborted) return reject(signal.reason);
			if (isSettled()) return resolve(state.get());
			const end = () => {
				unsubscribe();
				signal?.removeEventListener("abort", abort);
			};
			const abort = () => {
				end();
				reject(signal?.reason);
			};
			const unsubscribe = state.subscribe(() => {
				if (!isSettled()) return;
				end();
				resolve(state.get());
			});
			signal?.addEventListener("abort", abort);
		})
	};
}
// src/client/outbox/unfit.ts
/** What the service would refuse is not even tried. */
function unfit(text) {
	try {
		checkedText(text);
		return;
	} catch (error) {
		if (!isRefusal(error)) throw error;
		return {
			type: `/problems/${error.code}`,
			title: error.message,
			status: 422,
			code: error.code,
			request_id: "",
			...error.facts
		};
	}
}
// src/client/outbox/outbox.ts
const OUTBOX_LIMITS = {
	count: 500,
	bytes: 1048576,
	ageMs: 6048e5
};
/** Chats that are sent to at the same time. */
const AT_ONCE = 8;
/** Keeps what is to be sent, and sends it: first in, first out in each chat, stored before the first byte leaves, by one tab for all. */
function outbox(needs) {
	const { platform, limits, emit } = needs;
	const { now, later, random, newId } = platform;
	const sendings = /* @__PURE__ */ new Map();
	const all = derived(() => [...sendings.values()].sort((a, b) => a.entry.order - b.entry.order));
	const encoder = new TextEncoder();
	let store;
	let channel;
	let isSender = false;
	let isClosed = false;
	let pausedUntil = 0;
	let lastOrder = 0;
	let cancelTimer = () => {};
	let release = () => {};
	function changed(chatId) {
		all.changed();
		needs.changed(chatId);
	}
	/** The same key may stand for a later attempt by now. */
	const isHere = (sending) => sendings.get(idOf$1(sending.entry)) === sending;
	const tell = (news) => channel?.post(news);
	const safe = (work, during) => work.catch((error) => emit("defect", {
		error,
		during
	}));
	function track(entry, isStored) {
		const state = cell(entry.problem ? {
			status: "failed",
			problem: entry.problem
		} : { status: "queued" });
		const sending = {
			entry,
			state,
			isStored,
			attempts: 0,
			isUncertain: false,
			notBefore: 0,
			handle: handleOf(entry, state, {
				retry: () => retry(sending),
				cancel: () => cancel(sending)
			})
		};
		sendings.set(idOf$1(entry), sending);
		lastOrder = Math.max(lastOrder, entry.order);
		return sending;
	}
	function put(sending) {
		const { entry } = sending;
		if (!store) return;
		const stored = () => {
			if (!isHere(sending)) return void safe(store.remove(entry), "taking back a message");
			sending.isStored = true;
			tell({
				type: "put",
				entry
			});
			pump();
		};
		store.put(entry).then(stored, (error) => {
			emit("defect", {
				error,
				during: "storing a message"
			});
			stored();
		});
	}
	function forget(sending) {
		sendings.delete(idOf$1(sending.entry));
		if (store) safe(store.remove(sending.entry), "forgetting a message");
	}
	function fail(sending, problem) {
		const { chatId, key } = sending.entry;
		sending.entry = {
			...sending.entry,
			problem
		};
		sending.state.set({
			status: "failed",
			problem
		});
		put(sending);
		changed(chatId);
		emit("refused", {
			chatId,
			key,
			problem
		});
	}
	function done(sending, message) {
		const { key, chatId } = sending.entry;
		if (!isHere(sending)) return;
		needs.accepted(message);
		forget(sending);
		const shown = showMessage(message);
		sending.state.set({
			status: "sent",
			message: shown
		});
		changed(chatId);
		emit("sent", {
			chatId,
			key,
			message: shown
		});
	}
	function cancel(sending) {
		const { status } = sending.state.get();
		if (status !== "failed" && (status !== "queued" || sending.isUncertain)) return false;
		forget(sending);
		sending.state.set({ status: "cancelled" });
		tell({
			type: "cancelled",
			id: idOf$1(sending.entry)
		});
		changed(sending.entry.chatId);
		return true;
	}
	function retry(sending) {
		if (sending.state.get().status !== "failed" || !isHere(sending)) return;
		sending.entry = {
			...sending.entry,
			problem: void 0,
			at: now()
		};
		sending.notBefore = 0;
		sending.state.set({ status: "queued" });
		put(sending);
		changed(sending.entry.chatId);
	}
	function pump(isNew = false) {
		if (!isSender || isClosed) return;
		cancelTimer();
		const time = now();
		const seen = /* @__PURE__ */ new Set();
		let next = Number.POSITIVE_INFINITY;
		let inWork = all.get().filter(({ state }) => state.get().status === "sending").length;
		for (const sending of all.get()) {
			const { chatId, at } = sending.entry;
			const { status } = sending.state.get();
			if (status === "failed") continue;
			if (status === "queued" && time - at > limits.ageMs) {
				fail(sending, localProblem("outbox-expired", "The message has waited too long"));
				continue;
			}
			if (seen.has(chatId)) continue;
			seen.add(chatId);
			if (status !== "queued" || !sending.isStored) continue;
			if (isNew) sending.notBefore = 0;
			const due = Math.max(sending.notBefore, pausedUntil);
			if (due > time) next = Math.min(next, due);
			else if (inWork < AT_ONCE && needs.canSend()) {
				inWork++;
				attempt(sending);
			}
		}
		if (next < Number.POSITIVE_INFINITY) cancelTimer = later(next - time, pump);
	}
	async function attempt(sending) {
		const id = idOf$1(sending.entry);
		sending.state.set({ status: "sending" });
		tell({
			type: "at",
			id,
			status: "sending"
		});
		changed(sending.entry.chatId);
		try {
			const message = await needs.post(sending.entry);
			if (!isHere(sending)) return;
			tell({
				type: "sent",
				id,
				message
			});
			done(sending, message);
		} catch (error) {
			if (!isHere(sending)) return;
			if (isProblem(error) && !isPassing(error)) fail(sending, error.problem);
			else postpone(sending, error);
		} finally {
			pump();
		}
	}
	function postpone(sending, error) {
		const asked = isProblem(error) ? error.problem.retry_after_ms : void 0;
		if (!isProblem(error)) emit("defect", {
			error,
			during: "sending a message"
		});
		sending.isUncertain ||= isUncertain(error);
		sending.notBefore = now() + (asked ?? fullJitter(++sending.attempts, random));
		if (asked !== void 0) pausedUntil = sending.notBefore;
		sending.state.set({ status: "queued" });
		tell({
			type: "at",
			id: idOf$1(sending.entry),
			status: "queued"
		});
		changed(sending.entry.chatId);
	}
	function hear(news) {
		if (news.type === "put") {
			const known = sendings.get(idOf$1(news.entry));
			if (!known) track(news.entry, true);
			else {
				known.entry = news.entry;
				const { problem } = news.entry;
				if (problem) known.state.set({
					status: "failed",
					problem
				});
				else if (known.state.get().status === "failed") known.state.set({ status: "queued" });
			}
			changed(news.entry.chatId);
			return pump();
		}
		const known = sendings.get(news.id);
		if (!known) return;
		if (news.type === "sent") return done(known, news.message);
		if (news.type === "at") known.state.set({ status: news.status });
		else {
			sendings.delete(news.id);
			known.state.set({ status: "cancelled" });
		}
		changed(known.entry.chatId);
	}
	async function open(userId) {
		if (store || isClosed) return;
		const opened = await needs.persist(userId);
		store = opened;
		if (opened.sharedAs !== void 0) {
			channel = platform.channel(opened.sharedAs);
			channel.listen((news) => hear(news));
		}
		for (const sending of all.get()) if (!sending.isStored) put(sending);
		await load();
		if (opened.sharedAs === void 0) return lead();
		safe(platform.lock(`${opened.sharedAs} sender`, async () => {
			if (isClosed) return;
			await load();
			await new Promise((resolve) => {
				release = resolve;
				lead();
			});
		}), "taking turns to send");
	}
	function lead() {
		isSender = true;
		for (const sending of all.get()) {
			if (sending.state.get().status !== "sending") continue;
			sending.isUncertain = true;
			sending.state.set({ status: "queued" });
			changed(sending.entry.chatId);
		}
		pump();
	}
	/** What an earlier run, or another tab, has left. It may have been on its way. */
	async function load() {
		for (const entry of await store?.load() ?? []) {
			if (sendings.has(idOf$1(entry))) continue;
			track(entry, true).isUncertain = true;
			changed(entry.chatId);
		}
	}
	return {
		all,
		inChat: (chatId) => all.get().filter(({ entry }) => entry.chatId === chatId),
		find: (chatId, key) => sendings.get(idOf$1({
			chatId,
			key
		})),
		open,
		add({ chatId, text, replyTo, key = newId() }) {
			const time = now();
			const draft = {
				key,
				chatId,
				text,
				replyTo,
				at: time,
				order: Math.max(time, lastOrder + 1),
				problem: void 0
			};
			const waiting = sendings.get(idOf$1(draft));
			if (waiting && waiting.entry.text === text.trim() && waiting.entry.replyTo === replyTo) return waiting.handle;
			const problem = waiting ? localProblem("key-reused", "This key belongs to another message") : unfit(text) ?? tooMuch(text);
			if (problem) {
				emit("refused", {
					chatId,
					key,
					problem
				});
				return handleOf(draft, cell({
					status: "failed",
					problem
				}), {
					retry: () => {},
					cancel: () => true
				});
			}
			const sending = track({
				...draft,
				text: text.trim()
			}, false);
			put(sending);
			changed(chatId);
			return sending.handle;
		},
		arrived(message) {
			const sending = sendings.get(idOf$1({
				chatId: message.chatId,
				key: message.clientMessageId
			}));
			if (!sending || message.version === 1 && message.text !== void 0 && message.text !== sending.entry.text) return;
			done(sending, message);
			pump();
		},
		refuse(chatId, problem) {
			for (const sending of all.get()) if (sending.entry.chatId === chatId && !sending.entry.problem) fail(sending, problem);
		},
		pump,
		close() {
			isClosed = true;
			isSender = false;
			cancelTimer();
			release();
			channel?.close();
		}
	};
	function tooMuch(text) {
		const bytes = (some) => encoder.encode(some).length;
		const kept = all.get().reduce((sum, { entry }) => sum + bytes(entry.text), 0);
		return sendings.size >= limits.count || kept + bytes(text) > limits.bytes ? localProblem("outbox-full", "Too much is waiting to be sent") : void 0;
	}
}
/** A key belongs to one chat. */
const idOf$1 = ({ chatId, key }) => `${chatId} ${key}`;
// src/client/outbox/rows.ts
/** Makes rows, and makes the same row of the same thing. */
function rowMaker(me) {
	const rows = /* @__PURE__ */ new WeakMap();
	return {
		ofMessage(message, readByOthers) {
			const isMine = message.sender.id === me()?.id;
			const state = isMine && readByOthers !== void 0 && message.seq <= readByOthers ? "read" : "sent";
			const before = rows.get(message);
			if (before?.state === state) return before;
			const { id, seq, text, replyTo, version, at, editedAt, deletedAt } = message;
			const { username, name } = message.sender;
			const sender = {
				id: message.sender.id,
				username,
				name
			};
			const row = {
				key: message.clientMessageId,
				state,
				isMine,
				id,
				seq,
				sender,
				text,
				replyTo,
				version,
				at,
				editedAt,
				deletedAt,
				problem: void 0
			};
			rows.set(message, row);
			return row;
		},
		ofSending(sending) {
			const state = sending.state.get();
			if (state.status === "sent" || state.status === "cancelled") return void 0;
			const before = rows.get(state);
			if (before) return before;
			const { key, text, replyTo, at } = sending.entry;
			const { id = "", username, name } = me() ?? {};
			const row = {
				key,
				state: state.status,
				isMine: true,
				id: void 0,
				seq: void 0,
				sender: {
					id,
					username,
					name
				},
				text,
				replyTo,
				version: 1,
				at,
				editedAt: void 0,
				deletedAt: void 0,
				problem: state.status === "failed" ? state.problem : void 0
			};
			rows.set(state, row);
			return row;
		}
	};
}
// src/client/platform/events.ts
/** Who wants to hear of what. */
function events() {
	const all = /* @__PURE__ */ new Map();
	const emit = (event, told) => {
		for (const listener of all.get(event) ?? []) safely(() => listener(told));
	};
	function on(event, listener) {
		const own = (told) => listener(told);
		const listeners = all.get(event) ?? /* @__PURE__ */ new Set();
		all.set(event, listeners.add(own));
		return () => void listeners.delete(own);
	}
	return {
		emit,
		on
	};
}
// src/client/platform/persist.ts
/** For programs that may lose what is on its way when they end. */
const memoryPersist = () => {
	const stores = /* @__PURE__ */ new Map();
	return (userId) => {
		const known = stores.get(userId);
		if (known) return known;
		const entries = /* @__PURE__ */ new Map();
		const store = {
			load: () => Promise.resolve([...entries.values()]),
			put: (entry) => Promise.resolve(void entries.set(idOf(entry.chatId, entry.key), entry)),
			remove: ({ chatId, key }) => Promise.resolve(void entries.delete(idOf(chatId, key)))
		};
		stores.set(userId, store);
		return store;
	};
};
const idOf = (chatId, key) => `${chatId} ${key}`;
const TABLE = "outbox";
/** One database per service and person, shared by all tabs of an origin. */
const indexedDbPersist = (service, factory = indexedDB) => async (userId) => {
	const name = `windi-chat.outbox ${service} ${userId}`;
	const database = await opened(factory, name);
	const inTable = async (mode, work) => {
		const transaction = database.transaction(TABLE, mode, { durability: "strict" });
		const request = work(transaction.objectStore(TABLE));
		await new Promise((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onerror = transaction.onabort = () => reject(transaction.error ?? /* @__PURE__ */ new Error("the outbox cannot be written"));
		});
		return request.result;
	};
	return {
		sharedAs: name,
		load: () => inTable("readonly", (table) => table.getAll()),
		put: (entry) => inTable("readwrite", (table) => table.put(entry)).then(() => {}),
		remove: ({ chatId, key }) => inTable("readwrite", (table) => table.delete([chatId, key]))
	};
};
function opened(factory, name) {
	return new Promise((resolve, reject) => {
		const request = factory.open(name, 1);
		request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: ["chatId", "key"] });
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? /* @__PURE__ */ new Error("the outbox cannot be opened"));
	});
}
// src/adapters/wire/closes.ts
/** The close codes of the server. */
const closes = {
	1003: {
		name: "binary",
		comesBack: false,
		meaning: "The client sent a binary frame; frames are text."
	},
	1009: {
		name: "oversized",
		comesBack: false,
		meaning: "A frame was larger than 64 KiB."
	},
	4e3: {
		name: "draining",
		comesBack: true,
		meaning: "This process is shutting down; other processes are not."
	},
	4001: {
		name: "silent",
		comesBack: true,
		meaning: "The server received nothing for two heartbeats."
	},
	4002: {
		name: "too-slow",
		comesBack: true,
		meaning: "The client reads too slowly, even after a `gap`."
	},
	4029: {
		name: "too-many-connections",
		comesBack: true,
		meaning: "Too many connections of this user or from this address."
	},
	4400: {
		name: "no-json",
		comesBack: false,
		meaning: "More than 20 frames in a row were not JSON."
	},
	4401: {
		name: "unauthenticated",
		comesBack: false,
		meaning: "The token was refused or has expired, or no `authorize` succeeded within 10 seconds."
	},
	4403: {
		name: "session-ended",
		comesBack: false,
		meaning: "The session has ended, or the account was deleted."
	},
	4409: {
		name: "replaced",
		comesBack: false,
		meaning: "A newer socket of the same user and `device_id` replaced this one."
	}
};
/** Standard close codes after which a client connects again as well. */
const BACK_ANYWAY = [
	1001,
	1006,
	1011,
	1012
];
/** Whether a client connects again by itself after this close code, with jitter. */
const comesBack = (code) => BACK_ANYWAY.includes(code) || code in closes && closes[code].comesBack;
// src/client/socket/line.ts
const CONNECT_WITHIN = 15e3;
const PROBE_WITHIN = 5e3;
const NO_CODE = 1006;
/** A `readyState` of the WebSocket standard. */
const OPEN = 1;
/** Opens a socket. Silence for twice a heartbeat ends it: what is half open looks open for ever. */
function openLine(address, { WebSocket, now, later }, ends) {
	const waiting = /* @__PURE__ */ new Map();
	let refs = 0;
	let heartbeat = 0;
	let heardAt = now();
	let isOver = false;
	let stopWatching = later(CONNECT_WITHIN, () => end(NO_CODE));
	const socket = new WebSocket(address);
	socket.onmessage = (event) => {
		if (isOver) return;
		heardAt = now();
		const frame = readFrame(event.data);
		if (!frame) return;
		if (frame.type === "hello") {
			heartbeat = frame.heartbeat_ms;
			stopWatching();
			watch(2 * heartbeat);
			return ends.greeted(frame);
		}
		if (frame.type === "ok") return settle(frame.ref)?.resolve(frame.result);
		const asked = frame.type === "error" && frame.ref !== null ? settle(frame.ref) : void 0;
		if (asked && frame.type === "error") return asked.reject(problemError(frame.problem));
		ends.heard(frame);
	};
	socket.onclose = (event) => end(event.code ?? NO_CODE);
	socket.onerror = () => {};
	function watch(ms) {
		stopWatching = later(ms, () => {
			const silence = now() - heardAt;
			if (silence >= 2 * heartbeat) end(NO_CODE);
			else watch(2 * heartbeat - silence);
		});
	}
	function settle(ref) {
		const found = waiting.get(ref);
		waiting.delete(ref);
		found?.stop();
		return found;
	}
	/** The socket may take long to notice its own end; nobody waits for that. */
	function release() {
		if (isOver) return false;
		isOver = true;
		stopWatching();
		socket.onmessage = socket.onclose = socket.onopen = null;
		try {
			socket.close();
		} catch {}
		for (const ref of waiting.keys()) settle(ref)?.reject(localError("network", "The connection ended before the answer"));
		return true;
	}
	function end(code) {
		if (release()) ends.ended(code);
	}
	function tell(type, members, ref) {
		if (isOver) throw localError("network", "The connection is over");
		if (socket.readyState === OPEN) socket.send(JSON.stringify({
			type,
			...ref && { ref },
			...members
		}));
	}
	function probe() {
		if (isOver || heartbeat === 0) return;
		const askedAt = now();
		later(PROBE_WITHIN, () => heardAt < askedAt && end(NO_CODE));
		tell("ping", {}, `p${++refs}`);
	}
	return {
		tell,
		probe,
		close: () => void release(),
		ask: (type, members, { signal, withinMs } = {}) => new Promise((resolve, reject) => {
			if (signal?.aborted) throw signal.reason;
			const ref = `c${++refs}`;
			const abort = () => settle(ref)?.reject(signal?.reason);
			const stopTimer = withinMs === void 0 ? void 0 : later(withinMs, late);
			const stop = () => {
				stopTimer?.();
				signal?.removeEventListener("abort", abort);
			};
			function late() {
				probe();
				settle(ref)?.reject(localError("timeout", "No answer came in time"));
			}
			signal?.addEventListener("abort", abort);
			waiting.set(ref, {
				resolve,
				reject,
				stop
			});
			try {
				tell(type, members, ref);
			} catch (error) {
				settle(ref)?.reject(error);
			}
		})
	};
}
/** What is no frame is no more than a sign of life. */
function readFrame(data) {
	try {
		return JSON.parse(String(data));
	} catch {
		return;
	}
}
// src/client/socket/connection.ts
/** A connection that has lasted so long counts as good: the next one that ends is the first failure again. */
const STABLE = 1e4;
const ASK_WITHIN = 15e3;
/** Much may have been missed. */
const RESUME_WITHIN = 12e4;
const RENEW_AGAIN = 5e3;
/** Where there are too many connections, a few quick attempts more make it worse. */
const PATIENT_ATTEMPT = 4;
const TOO_MANY = 4029;
const UNAUTHENTICATED = 4401;
const ENDED = 4403;
const REPLACED = 4409;
/** Keeps a connection, for as long as there is a reason to. */
function connection(needs) {
	const { platform, getToken } = needs;
	const { now, later, random } = platform;
	const state = cell({ status: "idle" });
	const address = socketAddress(needs.url);
	let line;
	/** Whatever belongs to an earlier attempt finds that it is not its turn any more. */
	let turn = 0;
	let attempt = 0;
	let isTokenRefused = false;
	/** What the service's clock is ahead of ours. */
	let skew = 0;
	let cancelTimer = () => {};
	let cancelRenewal = () => {};
	let unwatch = () => {};
	const isUp = () => state.get().status === "online";
	function drop() {
		cancelTimer();
		cancelRenewal();
		line?.close();
		line = void 0;
		return ++turn;
	}
	function stop(reason, code) {
		drop();
		state.set({
			status: "stopped",
			reason,
			code
		});
	}
	function wait(least = 0) {
		drop();
		if (!platform.isOnline()) return state.set({ status: "offline" });
		attempt++;
		const ms = Math.max(least, fullJitter(attempt, random));
		state.set({
			status: "waiting",
			retryAt: now() + ms,
			attempt
		});
		cancelTimer = later(ms, () => void connect());
	}
	async function connect(isForced = false) {
		const mine = drop();
		if (!isForced && !platform.isOnline()) return state.set({ status: "offline" });
		state.set({
			status: "connecting",
			attempt: attempt + 1
		});
		let token;
		try {
			token = await getToken({ isFresh: isTokenRefused });
		} catch (error) {
			if (mine !== turn) return;
			return isProblem(error) && (error.code === "signed-out" || error.status === 401) ? stop("signed-out") : wait();
		}
		if (mine !== turn) return;
		try {
			line = openLine(address, platform, {
				greeted(hello) {
					skew = millis(hello.server_time) - now();
					greet(mine, token);
				},
				heard: (frame) => mine === turn && hear(frame),
				ended: (code) => mine === turn && ended(code)
			});
		} catch (error) {
			needs.defect(error, "opening a socket");
			wait();
		}
	}
	async function greet(mine, token) {
		const own = line;
		if (!own || mine !== turn) return;
		try {
			const device = needs.deviceId === void 0 ? {} : { device_id: needs.deviceId };
			const known = await own.ask("authorize", {
				token,
				...device
			}, { withinMs: ASK_WITHIN });
			if (mine !== turn) return;
			isTokenRefused = false;
			needs.known(known.user_id);
			renewBefore(mine, known.expires_at);
			const result = await own.ask("resume", needs.resumeFrom(), { withinMs: RESUME_WITHIN });
			if (mine !== turn) return;
			needs.resumed(result);
			state.set({ status: "online" });
			cancelTimer = later(STABLE, () => void (attempt = 0));
		} catch (error) {
			if (!isProblem(error)) needs.defect(error, "coming online");
			else if (error.status === 401 || error.code === "network") return;
			if (mine === turn) wait();
		}
	}
	/** A token is renewed on the open socket when four fifths of its life are over. */
	function renewBefore(mine, expiresAt) {
		const lifetime = millis(expiresAt) - skew - now();
		cancelRenewal();
		cancelRenewal = later(Math.max(1e3, lifetime * .8), () => void renew(mine));
	}
	async function renew(mine) {
		try {
			const token = await getToken({ isFresh: true });
			if (mine !== turn || !line) return;
			const { expires_at } = await line.ask("authorize", { token }, { withinMs: ASK_WITHIN });
			if (mine === turn) renewBefore(mine, expires_at);
		} catch (error) {
			if (mine !== turn) return;
			if (isProblem(error) && error.code === "signed-out") stop("signed-out");
			else cancelRenewal = later(RENEW_AGAIN, () => void renew(mine));
		}
	}
	function hear(frame) {
		if (frame.type === "reconnect") {
			cancelTimer();
			cancelTimer = later(Math.round(random() * frame.after_ms), () => void connect());
			return;
		}
		if (frame.type === "error") return frame.problem.status === 401 ? void 0 : needs.defect(frame.problem, "a frame without a ref");
		try {
			needs.heard(frame);
		} catch (error) {
			needs.defect(error, `hearing ${frame.type}`);
		}
	}
	function ended(code) {
		if (code === UNAUTHENTICATED && !isTokenRefused) {
			isTokenRefused = true;
			connect();
			return;
		}
		if (code === ENDED) getToken({ isFresh: true }).catch(() => {});
		if (code === UNAUTHENTICATED || code === ENDED) return stop("signed-out", code);
		if (code === REPLACED) return stop("replaced", code);
		if (code in closes && !comesBack(code)) return stop("protocol", code);
		if (code === TOO_MANY) attempt = Math.max(attempt, PATIENT_ATTEMPT);
		wait();
	}
	function surroundings(what) {
		const { status } = state.get();
		if (status === "idle" || status === "stopped") return;
		if (what === "offline") {
			drop();
			return state.set({ status: "offline" });
		}
		if (status === "online") return line?.probe();
		if (status === "waiting" || status === "offline") connect();
	}
	const up = () => {
		if (!line || !isUp()) throw localError("network", "There is no connection");
		return line;
	};
	return {
		state,
		start() {
			if (state.get().status !== "idle") return;
			unwatch = platform.watch(surroundings);
			connect();
		},
		reconnectNow() {
			const current = state.get();
			if (current.status === "online") return line?.probe();
			if (current.status === "idle" || current.status === "connecting") return;
			if (current.status === "stopped" && current.reason === "closed") return;
			isTokenRefused = false;
			attempt = 0;
			connect(true);
		},
		stop(reason) {
			if (reason === "closed") unwatch();
			if (reason === "closed" || state.get().status !== "stopped") stop(reason);
		},
		ask: async (type, members, options) => await up().ask(type, members, {
			withinMs: ASK_WITHIN,
			...options
		}),
		tell: (type, members) => up().tell(type, members)
	};
}
function socketAddress(url) {
	return (url === "" ? globalThis.location.origin : url.replace(/\/+$/, "")).replace(/^http/, "ws") + SOCKET_PATH;
}
// src/adapters/wire/limits.ts
/** The limits for clients, as in `GET /api/v1` and `hello`. Lengths of text count code points. */
const limits = {
	text_length: TEXT_LIMIT,
	body_bytes: 65536,
	frame_bytes: 65536,
	key_length: 128,
	ref_length: 64,
	resume_cursors: 1e3,
	commands_in_work: 32,
	page_size: 100,
	ids_per_call: 100,
	group_members: 5e3,
	authorize_ms: 1e4
};
// src/domain/receipt.ts
/** The later of two marks. */
const advance = (mark, to) => Math.max(mark, to);
// src/client/copy/item.ts
function itemOf(chat, me) {
	const state = emptyState();
	const userId = me;
	state.chat = {
		id: chat.id,
		kind: chat.kind,
		name: chat.name ?? void 0,
		key: void 0,
		createdAt: millis(chat.created_at),
		headSeq: chat.head_seq,
		headN: 0,
		headAt: 0,
		memberSeq: 0,
		memberCount: chat.member_count
	};
	const person = asDomainPerson({
		id: me,
		username: null,
		name: null,
		last_seen_at: null
	});
	state.members.set(userId, {
		person,
		role: chat.me.role,
		joinedSeq: 0,
		joinedAt: millis(chat.me.joined_at)
	});
	if (chat.last_message) {
		const message = readMessage(chat.last_message);
		state.messages.set(message.id, message);
	}
	return {
		state,
		partner: chat.partner ? readPerson(chat.partner) : void 0,
		readSeq: chat.me.read_seq,
		readByOthers: chat.read_by_others_seq ?? void 0,
		unread: chat.unread
	};
}
const lastMessageOf = ({ state }) => [...state.messages.values()].at(-1) ?? void 0;
/**
* The next event, unless it is in already. False when the number of unread messages can no longer be told: it depends on a message
* that is not known here.
*/
function pass(item, event, me, known) {
	const { state } = item;
	if (!state.chat || event.seq <= state.chat.headSeq || event.type === "chat.created" || event.type === "chat.deleted") return true;
	const isCertain = count(item, event, me, (id) => known(id) ?? state.messages.get(id));
	if (event.type !== "message.edited" || (state.messages.get(event.messageId)?.version ?? 0) < event.version) evolve(state, event, "given");
	else state.chat = {
		...state.chat,
		headSeq: event.seq
	};
	const last = lastMessageOf(item);
	for (const id of state.messages.keys()) if (id !== last?.id) state.messages.delete(id);
	for (const id of state.members.keys()) if (id !== me) state.members.delete(id);
	state.earlier.clear();
	const { partner } = item;
	if (event.type === "author.erased" && partner?.id === event.userId) item.partner = {
		...partner,
		name: void 0,
		username: void 0
	};
	if (leaverOf(event) !== void 0 && state.chat.memberCount <= 1) item.readByOthers = void 0;
	return isCertain;
}
function count(item, event, me, known) {
	if (event.type === "message.sent") {
		if (event.message.sender.id !== me && event.message.deletedAt === void 0 && event.seq > item.readSeq) item.unread++;
	} else if (event.type === "message.deleted" && event.messageSeq > item.readSeq) {
		const message = known(event.messageId);
		if (!message || message.deletedAt !== void 0) return false;
		if (message.sender.id !== me) item.unread = Math.max(0, item.unread - 1);
	} else if (event.type === "author.erased") return item.unread === 0;
	return true;
}
/** One has read so far. False when one had already. */
function readUpTo(item, seq) {
	if (seq <= item.readSeq) return false;
	item.readSeq = seq;
	return true;
}
/** All others have read so far. */
function readByOthers(item, seq) {
	item.readByOthers = advance(item.readByOthers ?? 0, seq);
}
// src/client/socket/sync.ts
/** A hole that is larger is not worth closing: what lies before it is forgotten. */
const HOLE = 1e3;
/** A hole is tried so often, for about five minutes. */
const MENDS = 12;
const REFRESH_AFTER = 300;
/** Keeps copies of chats level with the service: every client's rule, and what to do where it breaks. */
function sync(needs) {
	const { copies, call, ask, platform, emit, me } = needs;
	const soon = /* @__PURE__ */ new Set();
	let epoch;
	function hear(event) {
		const copy = copies.at(event.chat_id);
		if (!copy.cursor) startOver(copy, event.seq - 1);
		applyAll(copy, receive(copy.cursor, event));
	}
	function applyAll(copy, events) {
		for (const event of events) applyOne(copy, event);
		if (copy.cursor && isBehind(copy.cursor)) catchUp(copy);
	}
	function applyOne(copy, wire) {
		const event = readEvent(wire);
		const { seq } = wire;
		if (copies.isRecording() && copy.recorded.length <= 2e3) copy.recorded.push({
			seq,
			event
		});
		if (copy.item) passItem(copy, seq, event);
		else {
			copy.isHidden &&= event?.type !== "message.sent";
			if (!copy.isHidden) refreshSoon(copy);
		}
		apply(copy.timeline, seq, event);
		if (event) consequences(copy, event);
		copies.touch(copy, "item", "timeline");
	}
	function passItem({ item, timeline, id }, seq, event) {
		if (!item?.state.chat) return;
		if (!event) item.state.chat = {
			...item.state.chat,
			headSeq: Math.max(item.state.chat.headSeq, seq)
		};
		else if (!pass(item, event, me(), (messageId) => timeline.state.messages.get(messageId))) refreshSoon(copies.at(id));
	}
	function consequences(copy, event) {
		const leaver = leaverOf(event);
		const joiners = joinersOf(event);
		if (event.type === "message.sent") {
			const { message } = event;
			const isMine = message.sender.id === me();
			if (isMine) needs.arrived(message);
			if (copy.typing.includes(message.sender.id)) {
				copy.typing = copy.typing.filter((id) => id !== message.sender.id);
				copies.touch(copy, "typing");
			}
			emit("message", {
				chatId: copy.id,
				message: showMessage(message),
				isMine
			});
		}
		for (const id of joiners) if (id !== me()) copy.marks.set(id, event.seq);
		if (leaver !== void 0) copy.marks.delete(leaver);
		if (joiners.includes(me())) {
			emit("joined", { chatId: copy.id });
			refreshSoon(copy);
		}
		if (leaver !== void 0 || joiners.length > 0 || event.type === "member.role_changed" || event.type === "author.erased") {
			remark(copy);
			copies.touch(copy, "members");
		}
	}
	/** Reads from `last` until nothing is missing. */
	async function catchUp(copy) {
		if (copy.isFetching) return;
		copy.isFetching = true;
		try {
			for (let before = -1; copy.cursor && isBehind(copy.cursor) && copy.cursor.last > before;) {
				const { cursor, generation } = copy;
				before = cursor.last;
				const { events, head } = await ask("fetch", {
					chat_id: copy.id,
					after: before
				});
				if (copy.generation !== generation || copy.cursor !== cursor) break;
				learn(cursor, head);
				const first = events[0];
				const ready = first && first.seq > before + 1 && cursor.last === before ? skip(cursor, before + 1, first.seq - 1) : [];
				for (const event of [...ready, ...events.flatMap((one) => receive(cursor, one))]) applyOne(copy, event);
			}
		} catch (error) {
			if (isProblem(error) && error.code === "chat-not-found") gone(copy.id, "not-found");
		} finally {
			copy.isFetching = false;
		}
	}
	/** Numbers up to `to` are not told. What was there before them is mended, or forgotten. */
	function jump(copy, from, to) {
		const { cursor, timeline } = copy;
		if (!cursor) return startOver(copy, to);
		if (to <= cursor.last) return;
		const hadWindow = timeline.spans.length > 0;
		copy.generation++;
		leave(timeline, to);
		for (const event of leap(cursor, to)) applyOne(copy, event);
		refreshSoon(copy);
		if (hadWindow) {
			emit("refetched", {
				chatId: copy.id,
				reason: "limited"
			});
			mend(copy, {
				from,
				to
			});
		}
	}
	/** Reads what was left out; what was known before it is too old without. */
	async function mend(copy, hole, attempt = 1) {
		const { generation, timeline } = copy;
		let isMended = false;
		try {
			const events = hole.to - hole.from < HOLE ? await left(copy.id, hole) : void 0;
			if (copy.generation !== generation) return;
			if (events) closeHole(timeline, hole, events);
			isMended = events !== void 0;
		} catch (error) {
			if (copy.generation !== generation) return;
			if (isWorthRetrying(error) && attempt < MENDS) {
				platform.later(fullJitter(attempt, platform.random), () => copy.generation === generation && void mend(copy, hole, attempt + 1));
				return;
			}
		}
		if (!isMended) forgetBelow(timeline, hole.to + 1);
		copies.touch(copy, "timeline");
	}
	async function left(id, { from, to }) {
		const events = [];
		for (let after = from - 1; after < to;) {
			const page = await call("listEvents", {
				params: { chat_id: id },
				query: {
					after,
					limit: limits.page_size
				}
			});
			if (page.items.length === 0) break;
			events.push(...page.items.flatMap((item) => readEvent(item) ?? []));
			after = page.items.at(-1).seq;
		}
		return events.filter(({ seq }) => seq <= to);
	}
	/** What is shown of the chat stays until it is known anew; nothing that comes is held against it. */
	function reset(copy) {
		startOver(copy, void 0);
		const { item } = copy;
		if (item?.state.chat) {
			item.state.chat = {
				...item.state.chat,
				headSeq: 0
			};
			item.readSeq = 0;
			item.readByOthers = void 0;
		}
		copies.touch(copy, "timeline", "item");
	}
	function gone(chatId, reason) {
		const copy = copies.find(chatId);
		if (copy) {
			reset(copy);
			copy.item = void 0;
			copy.typing = [];
			copies.touch(copy, "item", "timeline", "members", "typing");
		}
		needs.gone(chatId);
		emit("gone", {
			chatId,
			reason
		});
	}
	function hide(copy) {
		copy.item = void 0;
		copy.isHidden = true;
		copies.touch(copy, "item", "timeline", "members");
		emit("gone", {
			chatId: copy.id,
			reason: "hidden"
		});
	}
	/** How far all others have read, where all of them are known. */
	function remark(copy) {
		const { item, marks } = copy;
		if (!item?.state.chat) return;
		const others = item.state.chat.memberCount - 1;
		if (others > 0 && marks.size >= others) readByOthers(item, Math.min(...marks.values()));
		copies.touch(copy, "timeline", "item");
	}
	function hearReceipt(frame) {
		const copy = copies.find(frame.chat_id);
		const item = copy?.item;
		if (!copy || !item) return;
		if (frame.user_id === me()) {
			if (readUpTo(item, frame.read_seq)) recount(copy, frame.unread);
			return copies.touch(copy, "item", "timeline");
		}
		if (frame.user_id === null) {
			readByOthers(item, frame.read_seq);
			return copies.touch(copy, "item", "timeline");
		}
		copy.marks.set(frame.user_id, Math.max(frame.read_seq, copy.marks.get(frame.user_id) ?? 0));
		remark(copy);
		copies.touch(copy, "members");
		if (!(copy.marks.size >= (item.state.chat?.memberCount ?? 0) - 1) && [...item.state.messages.values()].some((message) => message?.sender.id === me())) refreshSoon(copy);
	}
	/** After a mark has moved: exact where all that is unread is known here, else what was counted elsewhere until it is asked for. */
	function recount(copy, counted) {
		const { item, timeline } = copy;
		if (!item?.state.chat) return;
		const exact = item.readSeq >= timeline.head ? 0 : countUnread(copy, me());
		item.unread = exact ?? counted ?? item.unread;
		if (exact === void 0 || item.state.chat.headSeq > timeline.head) refreshSoon(copy, 1);
	}
	/** Once for many reasons to ask. */
	function refreshSoon({ id }, attempt = 0) {
		if (soon.has(id)) return;
		soon.add(id);
		platform.later(REFRESH_AFTER + (attempt && fullJitter(attempt, platform.random)), () => {
			soon.delete(id);
			refresh(id).catch((error) => {
				if (isProblem(error) && error.code === "chat-not-found" && copies.find(id)?.item) gone(id, "not-found");
				else if (isWorthRetrying(error)) refreshSoon(copies.at(id), attempt + 1);
			});
		});
	}
	async function refresh(id, signal) {
		const done = copies.record();
		try {
			return adopt(await call("getChat", {
				params: { chat_id: id },
				signal
			}));
		} finally {
			done();
		}
	}
	function adopt(chat) {
		const copy = copies.at(chat.id);
		const before = copy.item;
		const item = itemOf(chat, me());
		if (!copy.cursor) startOver(copy, chat.head_seq);
		copy.item = item;
		copy.isHidden = false;
		const since = recordedAbove(copy, chat.head_seq);
		if (!since) refreshSoon(copy);
		for (const { seq, event } of since ?? []) passItem(copy, seq, event);
		if (before && readUpTo(item, before.readSeq)) recount(copy, Math.min(before.unread, item.unread));
		if (before?.readByOthers !== void 0) readByOthers(item, before.readByOthers);
		remark(copy);
		copies.touch(copy, "item", "timeline");
		return copy;
	}
	return {
		adopt,
		refresh,
		remark,
		recount,
		hide,
		resumeFrom() {
			const newest = [...copies.all()].filter(({ cursor }) => cursor).sort((a, b) => activity(b) - activity(a)).slice(0, limits.resume_cursors);
			return {
				...epoch !== void 0 && { epoch },
				cursors: Object.fromEntries(newest.map(({ id, cursor }) => [id, cursor.last]))
			};
		},
		resumed(result) {
			epoch = result.epoch;
			for (const [id, head] of Object.entries(result.heads)) {
				const copy = copies.at(id);
				if (!copy.cursor) startOver(copy, head);
				else if (head - copy.cursor.last > HOLE) jump(copy, copy.cursor.last + 1, head);
				else learn(copy.cursor, head);
				const { item } = copy;
				const reads = result.reads[id];
				if (!item || !reads) continue;
				if (readUpTo(item, reads.read_seq)) recount(copy, reads.unread);
				if (reads.read_by_others_seq !== null) readByOthers(item, reads.read_by_others_seq);
				copies.touch(copy, "item", "timeline");
			}
		},
		catchUpAll() {
			for (const copy of copies.all()) if (copy.cursor && isBehind(copy.cursor)) catchUp(copy);
		},
		heard(frame) {
			switch (frame.type) {
				case "event": return hear(frame.event);
				case "skip": {
					const copy = copies.at(frame.chat_id);
					copy.cursor ??= cursorAt(frame.to);
					const ready = skip(copy.cursor, frame.from, frame.to);
					apply(copy.timeline, Math.min(frame.to, copy.cursor.last), void 0);
					return applyAll(copy, ready);
				}
				case "receipt": return hearReceipt(frame);
				case "typing": {
					const copy = copies.find(frame.chat_id);
					if (!copy) return;
					copy.typing = frame.user_ids;
					return copies.touch(copy, "typing", "item");
				}
				case "heads":
					for (const [id, head] of Object.entries(frame.heads)) {
						const copy = copies.at(id);
						if (!copy.cursor) startOver(copy, head);
						if (!copy.item && !copy.isHidden) refreshSoon(copy);
						learn(copy.cursor, head);
						if (isBehind(copy.cursor)) catchUp(copy);
					}
					return;
				case "limited":
					jump(copies.at(frame.chat_id), frame.from, frame.to);
					for (const event of frame.newest) hear(event);
					return;
				case "gap": {
					const copy = copies.find(frame.chat_id);
					if (!copy?.cursor) return;
					learn(copy.cursor, frame.to);
					catchUp(copy);
					return;
				}
				case "reset":
					epoch = frame.epoch;
					if (frame.chat_id === null) for (const copy of copies.all()) reset(copy);
					else reset(copies.at(frame.chat_id));
					emit("refetched", {
						chatId: frame.chat_id ?? void 0,
						reason: frame.reason
					});
					if (frame.chat_id === null) needs.allReset();
					else refreshSoon(copies.at(frame.chat_id));
					return;
				case "chat_gone": return gone(frame.chat_id, frame.reason);
				case "presence": return;
			}
		}
	};
}
const activity = ({ item }) => item ? [...item.state.messages.values()].at(-1)?.at ?? item.state.chat?.createdAt ?? 0 : 0;
// src/client/platform/abort.ts
/** The same promise for somebody who may stop waiting; the work itself goes on, since others may wait for it as well. */
function abortable(work, signal) {
	if (!signal) return work;
	return new Promise((resolve, reject) => {
		const abort = () => reject(signal.reason);
		if (signal.aborted) abort();
		signal.addEventListener("abort", abort, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
	});
}
// src/client/views/item.ts
/** A chat as lists show it; undefined for one that holds nothing to show. */
function showItem(item, { me, typing, pending, rows }) {
	const { chat, members } = item.state;
	if (!chat) return void 0;
	const last = lastMessageOf(item);
	const unsent = pending.flatMap((sending) => rows.ofSending(sending) ?? []).at(-1);
	return {
		id: chat.id,
		kind: chat.kind,
		name: chat.name,
		createdAt: chat.createdAt,
		partner: item.partner,
		memberCount: chat.memberCount,
		role: members.get(me)?.role ?? "member",
		readSeq: item.readSeq,
		readByOthersSeq: item.readByOthers,
		unread: item.unread,
		lastMessage: last && showMessage(last),
		lastRow: unsent ?? (last && rows.ofMessage(last, item.readByOthers)),
		typing
	};
}
/** When something was last said in a chat, else when it was made: what lists go by. */
const activityOf = ({ lastMessage, lastRow, createdAt }) => Math.max(lastMessage?.at ?? createdAt, lastRow?.at ?? 0);
// src/client/views/members.ts
/** Who is in a chat; once loaded, kept level by the log. */
function memberList({ copy, copies, call, me, known, remark }) {
	const { timeline } = copy;
	const persons = /* @__PURE__ */ new Map();
	let status = "idle";
	let cursor;
	let generation = -1;
	const store = derived((before) => {
		const items = status === "idle" ? [] : [...timeline.state.members.values()].flatMap((member) => member ? show(member) : []);
		return {
			items: sameList(before?.items, items),
			status,
			hasMore: cursor !== void 0
		};
	});
	/** The same object while nothing about the member changes. */
	function show({ person, role, joinedAt }) {
		const who = person;
		const readSeq = (who.id === me() ? copy.item?.readSeq : copy.marks.get(who.id)) ?? 0;
		const before = persons.get(who.id);
		if (before && before.person === who && before.role === role && before.readSeq === readSeq) return before;
		const member = {
			person: who,
			role,
			joinedAt,
			readSeq
		};
		persons.set(who.id, member);
		return member;
	}
	async function load({ signal } = {}) {
		if (status === "ready" && cursor === void 0 && generation === copy.generation) return;
		if (generation !== copy.generation) cursor = void 0;
		await known();
		const isFirst = cursor === void 0;
		if (status !== "ready") status = "loading";
		store.changed();
		const done = copies.record();
		try {
			const { head } = timeline;
			const began = copy.generation;
			const query = {
				cursor,
				limit: limits.page_size
			};
			const page = await call("listMembers", {
				params: { chat_id: copy.id },
				query,
				signal
			});
			const { members } = timeline.state;
			if (isFirst) members.clear();
			for (const { user, role, joined_at, read_seq } of page.items) {
				members.set(user.id, {
					person: asDomainPerson(user),
					role,
					joinedSeq: 0,
					joinedAt: millis(joined_at)
				});
				if (user.id !== me()) copy.marks.set(user.id, Math.max(read_seq, copy.marks.get(user.id) ?? 0));
			}
			for (const { seq, event } of copy.recorded) if (seq > head && event?.type.startsWith("member.")) absorb(timeline, event);
			cursor = page.next ?? void 0;
			generation = began;
			status = "ready";
			remark();
		} catch (error) {
			if (status !== "ready") status = "failed";
			throw error;
		} finally {
			done();
			store.changed();
		}
	}
	return {
		store,
		changed() {
			store.changed();
		},
		load,
		repair() {
			if (status === "failed" || status === "ready" && generation !== copy.generation) load().catch(() => {});
		}
	};
}
// src/client/views/typing.ts
const REPEATED = 3e3;
/** Without a change of the draft for so long one is thinking, or gone. */
const IDLE = 5e3;
/** Tells that one is typing: at once, again while it goes on, and when it is over. */
function typingTeller({ now, later }, tell) {
	let toldAt;
	let cancel = () => {};
	function end(isTold) {
		cancel();
		if (toldAt === void 0) return;
		toldAt = void 0;
		if (isTold) tell(false);
	}
	return {
		set(isActive) {
			if (!isActive) return end(true);
			cancel();
			cancel = later(IDLE, () => end(true));
			if (toldAt !== void 0 && now() - toldAt < REPEATED) return;
			toldAt = now();
			tell(true);
		},
		/** The message says it: nobody has to be told. */
		sent: () => end(false)
	};
}
// src/client/views/window.ts
/** What stays of a chat that is not on screen. */
const KEPT_AT_REST = 200;
const LIVE = Number.POSITIVE_INFINITY;
const ATTEMPTS = 3;
/** The part of a chat's timeline that is looked at. */
function timelineWindow({ copy, copies, call, rows, pending, known, platform }) {
	const { timeline } = copy;
	let anchor = LIVE;
	let status = "idle";
	let problem;
	let dividedAt;
	let older;
	let newer;
	let wanted = "latest";
	let shows = 0;
	const retry = retrying(platform, () => repair());
	const view = () => spanAt(timeline, anchor) ?? spanAt(timeline, LIVE);
	const store = derived((before) => {
		const span = view();
		const isLive = !span || span === liveSpan(timeline);
		const readByOthers = copy.item?.readByOthers;
		const inLog = span ? messagesIn(timeline, span).map((message) => rows.ofMessage(message, readByOthers)) : [];
		const logged = new Set(isLive ? inLog.slice(-100).map(({ key }) => key) : []);
		const unsent = isLive ? pending().flatMap((sending) => logged.has(sending.entry.key) ? [] : rows.ofSending(sending) ?? []) : [];
		return {
			rows: sameList(before?.rows, [...inLog, ...unsent]),
			status,
			problem,
			hasOlder: span ? span.from > 1 : false,
			hasNewer: !isLive,
			isLoadingOlder: older !== void 0,
			isLoadingNewer: newer !== void 0,
			divider: span && dividedAt !== void 0 && span.from <= dividedAt + 1 ? firstUnread(inLog, dividedAt) : void 0
		};
	});
	/** Reads one page, with all that happens meanwhile. Again, if events were left out meanwhile: it may be older than they are. */
	async function load(place, spanOf) {
		for (let attempt = 1;; attempt++) {
			await known();
			const done = copies.record();
			try {
				const { generation } = copy;
				const { head } = timeline;
				const query = {
					...place,
					limit: 50
				};
				const answer = await call("listMessages", {
					params: { chat_id: copy.id },
					query
				});
				const isStale = copy.generation !== generation || copy.recorded.length > 2e3;
				if (isStale && attempt < ATTEMPTS) continue;
				if (isStale) throw localError("timeout", "The chat changes too fast");
				const span = spanOf(answer, answer.items, head);
				addPage(timeline, answer.items.map(readMessage), span);
				const since = copy.recorded.filter(({ seq }) => seq > head);
				for (const { event } of since) if (event && (event.type !== "message.sent" || span.to >= head)) absorb(timeline, event);
				if (span.to >= head && timeline.head > span.to) addPage(timeline, [], {
					from: span.to + 1,
					to: timeline.head
				});
				return;
			} finally {
				done();
			}
		}
	}
	const first = (messages, prev, otherwise) => prev === null ? 1 : messages[0]?.seq ?? otherwise;
	const last = (messages, next, head, otherwise) => next === null ? Math.max(head, messages.at(-1)?.seq ?? 0) : messages.at(-1)?.seq ?? otherwise;
	const loadLatest = () => load({}, ({ prev }, messages, head) => ({
		from: first(messages, prev, head + 1),
		to: Math.max(head, messages.at(-1)?.seq ?? 0)
	}));
	const loadAround = (seq) => load({ around: seq }, ({ prev, next }, messages, head) => ({
		from: Math.min(seq, first(messages, prev, seq)),
		to: Math.max(seq, last(messages, next, head, seq))
	}));
	async function show(at) {
		const mine = ++shows;
		wanted = at;
		const target = await targetOf(at);
		if (mine !== shows) return;
		if (!(target === LIVE ? liveSpan(timeline) : spanAt(timeline, target))) {
			status = "loading";
			store.changed();
			try {
				await (target === LIVE ? loadLatest() : loadAround(target));
			} catch (error) {
				if (mine !== shows) return;
				status = "failed";
				problem = isProblem(error) ? error.problem : void 0;
				if (isWorthRetrying(error)) retry.failed();
				store.changed();
				throw error;
			}
		}
		if (mine !== shows) return;
		anchor = target;
		retry.worked();
		status = "ready";
		problem = void 0;
		store.changed();
	}
	async function targetOf(at) {
		if (typeof at === "number") return at;
		if (at === "latest") return LIVE;
		await known().catch(() => {});
		const { item } = copy;
		return item && item.unread > 0 ? Math.min(item.readSeq + 1, Math.max(1, timeline.head)) : LIVE;
	}
	async function loadOlder() {
		const span = view();
		if (!span || span.from <= 1) return;
		const before = span.from;
		await load({ before }, ({ prev }, messages) => ({
			from: first(messages, prev, 1),
			to: before - 1
		}));
	}
	async function loadNewer() {
		const span = view();
		if (!span || span === liveSpan(timeline)) return;
		const after = Math.max(span.to, span.from - 1);
		if (anchor === LIVE) anchor = span.from;
		await load({ after }, ({ next }, messages, head) => ({
			from: after + 1,
			to: Math.max(after, last(messages, next, head, after))
		}));
	}
	function repair() {
		if (status === "idle" || status === "loading" || status === "ready" && view()) return;
		anchor = LIVE;
		show(status === "failed" ? wanted : "latest").catch(() => {});
	}
	return {
		store,
		changed() {
			store.changed();
		},
		show,
		loadOlder: () => older ??= track(loadOlder(), () => {
			older = void 0;
		}),
		loadNewer: () => newer ??= track(loadNewer(), () => {
			newer = void 0;
		}),
		divide() {
			dividedAt = copy.item && copy.item.unread > 0 ? copy.item.readSeq : void 0;
			store.changed();
		},
		repair,
		rest() {
			shows++;
			retry.worked();
			const live = liveSpan(timeline);
			if (live) {
				timeline.spans = [live];
				forgetOldest(timeline, KEPT_AT_REST);
			} else forgetAll(timeline, timeline.head);
			anchor = LIVE;
			if (status !== "ready") status = "idle";
			store.changed();
		}
	};
	function track(work, over) {
		queueMicrotask(() => store.changed());
		return work.finally(() => {
			over();
			store.changed();
		});
	}
}
const firstUnread = (rows, readSeq) => rows.find(({ seq, isMine }) => seq !== void 0 && seq > readSeq && !isMine)?.key;
// src/client/views/chat.ts
function openChat(copy, needs) {
	const { id } = copy;
	const { copies, sync, outbox, call, ask, tell, platform, rows, me, isUp } = needs;
	const params = { chat_id: id };
	const pending = () => outbox.inChat(id);
	let viewers = 0;
	let isClosing = false;
	let wantedRead = 0;
	let toldRead = 0;
	let isTellingRead = false;
	let knowing;
	/** The chat, asked for once at a time. */
	const known = () => {
		if (copy.item && copy.cursor) return Promise.resolve();
		knowing ??= needs.ready.then(() => sync.refresh(id)).finally(() => {
			knowing = void 0;
		});
		return knowing;
	};
	const item = derived(() => copy.item && showItem(copy.item, {
		me: me(),
		typing: copy.typing,
		pending: pending(),
		rows
	}));
	const typing = derived(() => copy.typing);
	const window = timelineWindow({
		copy,
		copies,
		call,
		rows,
		pending,
		known,
		platform
	});
	const members = memberList({
		copy,
		copies,
		call,
		me,
		known,
		remark: () => sync.remark(copy)
	});
	const typist = typingTeller(platform, (active) => isUp() && tell("typing", {
		chat_id: id,
		active
	}));
	copy.watchers.add((aspect) => {
		if (aspect === "item") {
			item.changed();
			if (!copy.item) viewers = 0;
			if (!copy.cursor) wantedRead = toldRead = 0;
		} else if (aspect === "timeline") {
			window.changed();
			if (viewers > 0 && copy.timeline.spans.length === 0) queueMicrotask(window.repair);
		} else if (aspect === "members") members.changed();
		else typing.changed();
	});
	async function join() {
		if (viewers === 0 || !isUp()) return;
		const joined = await ask("join_chat", { chat_id: id });
		for (const { user_id, read_seq } of joined.readers) if (user_id !== me()) copy.marks.set(user_id, Math.max(read_seq, copy.marks.get(user_id) ?? 0));
		copy.typing = joined.typing;
		needs.present(joined.online);
		sync.remark(copy);
		copies.touch(copy, "typing", "members", "item");
	}
	/** One mark at a time, the furthest; what could not be told waits for the next connection. */
	async function tellRead() {
		if (isTellingRead || !isUp() || !copy.item) return;
		isTellingRead = true;
		try {
			while (wantedRead > toldRead) {
				const seq = wantedRead;
				await ask("mark_read", {
					chat_id: id,
					seq
				});
				toldRead = seq;
			}
		} catch (error) {
			if (!isPassing(error)) toldRead = wantedRead;
		} finally {
			isTellingRead = false;
		}
	}
	const change = async (work) => void await work;
	const show = (at, { signal } = {}) => abortable(window.show(at), signal);
	async function message(messageId, { signal } = {}) {
		const found = copy.timeline.state.messages.get(messageId);
		if (found) return showMessage(found);
		return showMessage(readMessage(await call("getMessage", {
			params: {
				...params,
				message_id: messageId
			},
			signal
		})));
	}
	return {
		chat: {
			id,
			item,
			timeline: window.store,
			members: members.store,
			typing,
			open({ at = "latest" } = {}) {
				viewers++;
				const isFirst = viewers === 1;
				isClosing = false;
				known().then(() => isFirst && window.divide()).catch(() => {}).finally(() => void window.show(at).catch(() => {}));
				if (isFirst) join().catch(() => {});
				let isOpen = true;
				return () => {
					if (!isOpen) return;
					isOpen = false;
					viewers = Math.max(0, viewers - 1);
					if (viewers > 0 || isClosing) return;
					isClosing = true;
					queueMicrotask(() => {
						if (!isClosing || viewers > 0) return;
						isClosing = false;
						typist.set(false);
						if (isUp() && copy.item) tell("leave_chat", { chat_id: id });
						copy.typing = [];
						window.rest();
						copies.touch(copy, "typing", "item");
					});
				};
			},
			loadOlder: ({ signal } = {}) => abortable(window.loadOlder(), signal),
			loadNewer: ({ signal } = {}) => abortable(window.loadNewer(), signal),
			jumpTo: show,
			async jumpToMessage(messageId, options = {}) {
				const { seq } = await message(messageId, options);
				await show(seq, options);
			},
			jumpToUnread: (options) => show("unread", options),
			jumpToLatest: (options) => show("latest", options),
			message,
			send(text, { replyTo, key } = {}) {
				typist.sent();
				return outbox.add({
					chatId: id,
					text,
					replyTo,
					key
				});
			},
			pending: (key) => outbox.find(id, key)?.handle,
			edit: (messageId, text, { version, signal } = {}) => change(isUp() ? ask("edit_message", {
				...params,
				message_id: messageId,
				text,
				version
			}, { signal }) : call("editMessage", {
				params: {
					...params,
					message_id: messageId
				},
				body: {
					text,
					version
				},
				signal
			})),
			remove: (messageId, { signal } = {}) => change(isUp() ? ask("delete_message", {
				...params,
				message_id: messageId
			}, { signal }) : call("deleteMessage", {
				params: {
					...params,
					message_id: messageId
				},
				signal
			})),
			markRead(seq) {
				if (!copy.item) return;
				const to = Math.min(seq ?? copy.timeline.head, copy.timeline.head);
				if (!readUpTo(copy.item, to)) return;
				sync.recount(copy);
				copies.touch(copy, "item");
				wantedRead = to;
				tellRead();
			},
			setTyping: (isActive) => typist.set(isActive),
			async readersOf(messageId, { signal, ...query } = {}) {
				return readPage(await call("listReaders", {
					params: {
						...params,
						message_id: messageId
					},
					query,
					signal
				}), readReader);
			},
			async search(query, { signal, senderId, ...rest } = {}) {
				const given = {
					query,
					chat_id: id,
					sender_id: senderId,
					...rest
				};
				return readPage(await call("searchMessages", {
					query: given,
					signal
				}), (found) => showMessage(readMessage(found)));
			},
			loadMembers: (options) => members.load(options),
			addMembers: (userIds, { signal } = {}) => change(call("addMembers", {
				params,
				body: { user_ids: userIds },
				signal
			})),
			removeMember: (userId, { signal } = {}) => change(call("removeMember", {
				params: {
					...params,
					user_id: userId
				},
				signal
			})),
			changeRole: (userId, role, { signal } = {}) => change(call("changeRole", {
				params: {
					...params,
					user_id: userId
				},
				body: { role },
				signal
			})),
			rename: (name, { signal } = {}) => change(call("renameChat", {
				params,
				body: { name },
				signal
			})),
			async leave({ signal } = {}) {
				const isPrivate = copy.item?.state.chat?.kind === "private";
				await call("removeMember", {
					params: {
						...params,
						user_id: "me"
					},
					signal
				});
				if (isPrivate && copy.item) sync.hide(copy);
			},
			delete: ({ signal } = {}) => change(call("deleteChat", {
				params,
				signal
			}))
		},
		online() {
			join().catch(() => {});
			tellRead();
			if (viewers === 0) return;
			window.repair();
			members.repair();
		}
	};
}
const readReader = ({ user, read_at }) => ({
	person: readPerson(user),
	readAt: millis(read_at)
});
// src/client/views/chats.ts
/** One's chats, the first pages of them, and all that something happens in. */
function chatList(needs) {
	const { copies, sync, call, rows, me, ready } = needs;
	let status = "idle";
	let problem;
	let cursor;
	let pages = 1;
	let more;
	const retry = retrying(needs.platform, () => void reload());
	const store = derived((before) => {
		const items = [...copies.all()].flatMap(({ id, item }) => item ? needs.itemOf(id).get() ?? [] : []).sort((a, b) => activityOf(b) - activityOf(a) || (a.id < b.id ? 1 : -1));
		return {
			items: sameList(before?.items, items),
			status,
			problem,
			hasMore: cursor !== void 0,
			isLoadingMore: more !== void 0,
			unread: items.reduce((sum, { unread }) => sum + unread, 0)
		};
	});
	async function page() {
		await ready;
		const done = copies.record();
		try {
			const answer = await call("listChats", { query: {
				cursor,
				limit: limits.page_size
			} });
			for (const chat of answer.items) sync.adopt(chat);
			cursor = answer.next ?? void 0;
		} finally {
			done();
		}
	}
	async function reload() {
		if (status === "loading") return;
		if (status !== "ready") status = "loading";
		cursor = void 0;
		store.changed();
		try {
			for (let n = 0; n < pages && (n === 0 || cursor !== void 0); n++) await page();
			status = "ready";
			problem = void 0;
			retry.worked();
		} catch (error) {
			if (isWorthRetrying(error)) retry.failed();
			if (status !== "ready") status = "failed";
			problem = isProblem(error) ? error.problem : void 0;
		}
		store.changed();
	}
	async function loadMore() {
		if (cursor === void 0) return;
		try {
			await page();
			pages++;
		} finally {
			more = void 0;
			store.changed();
		}
	}
	const make = async (body, signal) => {
		await ready;
		const { id } = sync.adopt(await call("createChat", {
			body,
			signal
		}));
		return needs.itemOf(id).get();
	};
	const show = (chat) => showItem(itemOf(chat, me()), {
		me: me(),
		typing: [],
		pending: [],
		rows
	});
	return {
		get: store.get,
		subscribe: store.subscribe,
		changed: store.changed,
		reload,
		repair: () => void (status === "failed" && reload()),
		loadMore({ signal } = {}) {
			more ??= loadMore();
			queueMicrotask(store.changed);
			return abortable(more, signal);
		},
		async find(query, { signal, ...rest } = {}) {
			return readPage(await call("listChats", {
				query: {
					query,
					...rest
				},
				signal
			}), show);
		},
		load: async (chatId, { signal } = {}) => show(await call("getChat", {
			params: { chat_id: chatId },
			signal
		})),
		openPrivate: (userId, { signal } = {}) => make({
			kind: "private",
			user_id: userId
		}, signal),
		createGroup({ name, memberIds = [] }, { signal } = {}) {
			return make({
				kind: "group",
				name,
				member_ids: memberIds,
				client_chat_id: needs.platform.newId()
			}, signal);
		}
	};
}
// src/client/create-chat.ts
/**
* A client of one person at one service. Nothing happens before `start`.
*
* @example
* const auth = createAuth({ url: 'https://chat.example.org' })
* await auth.login({ login: 'ann', password: 'correct horse battery' })
* const chat = createChat({ url: 'https://chat.example.org', auth })
* chat.start()
*/
function createChat(options) {
	const { url, deviceId, outbox: outboxLimits } = options;
	const given = {
		...options.fetch && { fetch: options.fetch },
		...options.WebSocket && { WebSocket: options.WebSocket }
	};
	const platform = {
		...defaultPlatform(),
		...options.platform,
		...given
	};
	const auth = "accessToken" in options.auth ? createAuth({
		url,
		platform,
		store: memorySessionStore(options.auth)
	}) : options.auth;
	const { emit, on } = events();
	const me = cell(void 0);
	let myId = "";
	let known = () => {};
	const ready = new Promise((resolve) => known = resolve);
	const getToken = auth.getToken.bind(auth);
	const signed = signedCalls({
		url,
		fetch: platform.fetch,
		later: platform.later
	}, getToken);
	let isClosed = false;
	const call = (operation, request) => isClosed ? Promise.reject(localError("closed", "This client is closed")) : signed(operation, request);
	const chats = /* @__PURE__ */ new Map();
	const all = copies();
	const crowd = people(call);
	const rows = rowMaker(() => me.get() ?? (myId ? {
		id: myId,
		username: void 0,
		name: void 0
	} : void 0));
	const isUp = () => line.state.get().status === "online";
	let isStarted = false;
	const line = connection({
		url,
		deviceId,
		platform,
		getToken,
		known: become,
		resumeFrom: () => level.resumeFrom(),
		resumed: (result) => level.resumed(result),
		heard: (frame) => frame.type === "presence" ? crowd.heard(frame) : level.heard(frame),
		defect: (error, during) => emit("defect", {
			error,
			during
		})
	});
	const level = sync({
		copies: all,
		call,
		ask: line.ask,
		platform,
		emit,
		me: () => myId,
		arrived: (message) => sending.arrived(message),
		gone: (chatId) => sending.refuse(chatId, localProblem("chat-not-found", "The chat is no longer one’s own")),
		allReset: () => void list.reload()
	});
	const sending = outbox({
		platform,
		persist: safe(options.persist ?? defaultPersist(url)),
		limits: {
			...OUTBOX_LIMITS,
			...outboxLimits
		},
		emit,
		/** Over HTTP where a socket is refused: one that is only slow to open is waited for. */
		canSend() {
			const state = line.state.get();
			return state.status === "online" || (state.status === "connecting" || state.status === "waiting") && state.attempt > 1;
		},
		post,
		accepted(message) {
			const copy = all.find(message.chatId);
			if (copy && (copy.timeline.spans.length > 0 || all.isRecording())) know(copy.timeline, message);
		},
		changed: (chatId) => all.touch(all.at(chatId), "timeline", "item")
	});
	const list = chatList({
		copies: all,
		sync: level,
		call,
		rows,
		platform,
		me: () => myId,
		itemOf: (id) => chat(id).item,
		ready
	});
	const unsent = derived(() => sending.all.get().flatMap((one) => rows.ofSending(one) ?? []));
	all.watch((_copy, aspect) => {
		if (aspect === "item") list.changed();
		if (aspect === "timeline") unsent.changed();
	});
	line.state.subscribe(connectionChanged);
	async function post({ chatId, key, text, replyTo }) {
		const content = {
			client_message_id: key,
			text,
			...replyTo !== void 0 && { reply_to: replyTo }
		};
		if (isUp()) return readMessage((await line.ask("send_message", {
			chat_id: chatId,
			...content
		})).message);
		return readMessage(await call("sendMessage", {
			params: { chat_id: chatId },
			body: content
		}));
	}
	function become(userId) {
		if (myId === userId) return;
		myId = userId;
		known();
		sending.open(userId).catch((error) => emit("defect", {
			error,
			during: "opening the outbox"
		}));
	}
	/** Who one is, and what one is called. */
	async function identify() {
		const session = isAuth(auth) ? await auth.restored : void 0;
		if (session) {
			me.set(session.user);
			become(session.user.id);
		}
		const told = readMe(await call("getMe"));
		me.set(told);
		become(told.id);
	}
	function connectionChanged() {
		const state = line.state.get();
		if (state.status === "online") {
			level.catchUpAll();
			if (!me.get()) identify().catch(() => {});
			for (const one of chats.values()) one.online();
			list.repair();
		} else {
			crowd.unknown();
			for (const copy of all.all()) {
				if (copy.typing.length === 0) continue;
				copy.typing = [];
				all.touch(copy, "typing", "item");
			}
		}
		sending.pump(state.status === "online");
		emit("connection", state);
	}
	function chat(id) {
		const open = chats.get(id);
		if (open) return open.chat;
		const { ask, tell } = line;
		const { present } = crowd;
		const needs = {
			copies: all,
			sync: level,
			outbox: sending,
			call,
			ask,
			tell,
			platform,
			rows,
			me: () => myId,
			isUp,
			ready,
			present
		};
		const made = openChat(all.at(id), needs);
		chats.set(id, made);
		return made.chat;
	}
	function safe(persist) {
		return async (userId) => {
			try {
				return await persist(userId);
			} catch (error) {
				emit("defect", {
					error,
					during: "opening the outbox"
				});
				return await memoryPersist()(userId);
			}
		};
	}
	return {
		connection: line.state,
		account: account(me, call),
		chats: list,
		chat,
		people: crowd,
		outbox: unsent,
		on,
		async search(query, { signal, senderId, ...rest } = {}) {
			const found = await call("searchMessages", {
				query: {
					query,
					sender_id: senderId,
					...rest
				},
				signal
			});
			return readPage(found, (message) => showMessage(readMessage(message)));
		},
		start() {
			if (isStarted) return;
			isStarted = true;
			identify().catch(() => {});
			line.start();
			list.reload();
			if (isAuth(auth)) watchSession(auth);
		},
		reconnectNow: () => line.reconnectNow(),
		close() {
			isClosed = true;
			line.stop("closed");
			sending.close();
		}
	};
	/** Who signs out stops the connection that is theirs. */
	function watchSession({ session }) {
		session.subscribe(() => {
			if (session.get()?.user.id !== myId && myId !== "") line.stop("signed-out");
		});
	}
}
const defaultPersist = (url) => typeof indexedDB === "undefined" ? memoryPersist() : indexedDbPersist(url === "" ? globalThis.location.origin : url);
const isAuth = (source) => "restored" in source;
export { TEXT_LIMIT, createAuth, createChat, indexedDbPersist, isProblem, memoryPersist, memorySessionStore, textLength, webSessionStore };
