import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseMessage } from '@langchain/core/messages';
import { AIMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';

/** What a model is scripted to say: text, a whole message (with tool calls), or what a function makes of the messages. */
export type Reply = string | AIMessage | ((messages: BaseMessage[]) => string | AIMessage);

/** A language model that says what a test scripted, in order, and remembers what it was told. */
export class FakeModel extends BaseChatModel {
  /** The messages of each call. */
  readonly calls: BaseMessage[][] = [];
  private readonly replies: Reply[];

  constructor(replies: Reply[]) {
    // Temporal is the only retrier.
    super({ maxRetries: 0 });
    this.replies = [...replies];
  }

  override _llmType(): string {
    return 'fake';
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    this.calls.push(messages);
    const reply = this.replies.shift();
    if (reply === undefined) {
      throw new Error(`The fake model was scripted for ${this.calls.length - 1} calls; this is one more.`);
    }
    const said = typeof reply === 'function' ? reply(messages) : reply;
    const message = typeof said === 'string' ? new AIMessage(said) : said;
    return { generations: [{ text: message.text, message }] };
  }
}

/** A language model for tests: each reply answers one call. */
export function fakeModel(...replies: Reply[]): FakeModel {
  return new FakeModel(replies);
}
