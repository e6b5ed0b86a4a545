"""A small question-answering chain, recorded. Needs no model and no network.

    python3 example.py && ls -l example.chaindebug.jsonl

Look at the second question: the retriever finds nothing, and the chain answers all the same.
"""

import asyncio
import re

from chaindebug_recorder import chain_step, current_step, record, step

HANDBOOK = {
    "returns.md#2": "Lamps and other lighting may be returned within 30 days in the original box.",
    "returns.md#5": "Refunds go to the card that paid, within five working days.",
    "delivery.md#1": "Parcels up to 20 kg arrive in two to four working days.",
}


def words(text):
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}


@chain_step(kind="retriever")
def retrieve(question, k=2):
    ranked = [(len(words(question) & words(text)), source) for source, text in HANDBOOK.items()]
    best = sorted((hit for hit in ranked if hit[0] > 0), reverse=True)[:k]
    return [{"id": source, "score": score, "content": HANDBOOK[source]} for score, source in best]


@chain_step(kind="llm", capture_output="text")
async def write(messages):
    """Stands for a model that streams: repeats the best passage word by word."""
    current_step().messages(messages)
    current_step().model = "parrot-1"
    passage = messages[0]["content"].partition("\n")[2] or "Yes, that is usually possible."
    for word in passage.split(" "):
        await asyncio.sleep(0.002)
        yield word + " "
    current_step().usage(
        input_tokens=sum(len(m["content"].split()) for m in messages), output_tokens=len(passage.split())
    )


@chain_step(kind="chain")
async def answer(question):
    documents = retrieve(question)
    with step("build the prompt", input=documents) as s:
        passages = "\n".join(document["content"] for document in documents[:1])
        prompt = f"Answer from these passages:\n{passages}"
        s.output(prompt)
        if not documents:
            s.event("no passages", question=question)
    messages = [{"role": "system", "content": prompt}, {"role": "user", "content": question}]
    return "".join([word async for word in write(messages)]).strip()


async def main():
    questions = ["Can a lamp be returned?", "Do you ship to Iceland?"]
    return await asyncio.gather(*(answer(question) for question in questions))


if __name__ == "__main__":
    with record("example.chaindebug.jsonl", name="Two questions to the handbook"):
        for text in asyncio.run(main()):
            print(text)
