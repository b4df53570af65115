// What the robot could not answer, counted over the calls that were read. Not here: reading them (useReading.ts).
import { FinishStatus, transcript, type CallDetail } from "byrobot-calls/streaming";
import { spokenSpan } from "../format/transcript";

/** What one read call says. */
export interface ReadCall {
  readonly callInstanceId: number;
  readonly sceneDefId: number | null;
  readonly questions: readonly { readonly text: string; readonly second: number | null }[];
  /** The customer said nothing. */
  readonly isSilent: boolean;
  /** Who hung up, by code. */
  readonly hangUp: number | null;
}

export interface Question {
  /** The text by which spellings are one question. */
  readonly key: string;
  /** Its most frequent spelling. */
  readonly text: string;
  /** Calls with it, each once, and the second of its first line. */
  readonly calls: readonly { readonly callInstanceId: number; readonly second: number | null }[];
  /** The scripts of these calls. */
  readonly sceneDefIds: readonly number[];
}

export function readCall({ sceneInstance, phoneLog, ...detail }: CallDetail): ReadCall {
  const call = { sceneInstance, phoneLog, ...detail };
  return {
    callInstanceId: sceneInstance.callInstanceId,
    sceneDefId: sceneInstance.sceneDefId,
    questions: transcript(call)
      .unknownQuestions()
      .filter(({ content }) => keyOf(content) !== "")
      .map((line) => {
        const start = spokenSpan(line)?.start;
        return {
          text: line.content.trim(),
          second: start == null ? null : Math.floor(start / 1000),
        };
      }),
    isSilent:
      sceneInstance.finishStatus === FinishStatus.Answered &&
      phoneLog.phoneLogs.every(({ speaker, content }) => speaker !== "ME" || content.trim() === ""),
    hangUp: sceneInstance.hangUp,
  };
}

/** Width, case, blanks and punctuation do not make another question. */
const keyOf = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, "");

/** The questions of the calls, those of most calls first. */
export function questionsOf(calls: readonly ReadCall[]): Question[] {
  const found = new Map<
    string,
    { spellings: Map<string, number>; calls: Map<number, number | null>; scripts: Set<number> }
  >();
  for (const { callInstanceId, sceneDefId, questions } of calls) {
    for (const { text, second } of questions) {
      const key = keyOf(text);
      const question = found.get(key) ?? {
        spellings: new Map(),
        calls: new Map(),
        scripts: new Set(),
      };
      found.set(key, question);
      question.spellings.set(text, (question.spellings.get(text) ?? 0) + 1);
      if (sceneDefId !== null) question.scripts.add(sceneDefId);
      if (!question.calls.has(callInstanceId)) question.calls.set(callInstanceId, second);
    }
  }
  return [...found]
    .map(([key, { spellings, calls, scripts }]) => ({
      key,
      text: [...spellings].sort((one, other) => other[1] - one[1])[0]![0],
      calls: [...calls].map(([callInstanceId, second]) => ({ callInstanceId, second })),
      sceneDefIds: [...scripts],
    }))
    .sort((one, other) => other.calls.length - one.calls.length);
}
