import { implementAgent } from '../../agents/implement-agent.ts';
import { cutting, rating, reading, concluding, comparing } from './agents.ts';
import { cutCorpus } from './cut.ts';
import { previewRating } from './preview-rating.ts';
import { fullestShare, rateReading, setScores, weighTerms } from './rate.ts';
import { readText } from './read.ts';
import { writeReport } from './report.ts';

export const longResearchAgents = [
  implementAgent(cutting, {
    make: async ({ corpus, sections }, ports) => cutCorpus(corpus, sections, ports),
  }),
  implementAgent(reading, {
    make: ({ section, questions }) => ({ reading: readText(section.text, questions) }),
  }),
  implementAgent(comparing, {
    make: (needs) => ({ weights: weighTerms(Object.values(needs.reading), needs.questions) }),
  }),
  implementAgent(rating, {
    make: (needs) => ({ rating: rateReading(needs.reading, needs.weights, needs.questions) }),
    facts: { rating: (one) => ({ share: fullestShare(one) }) },
    applyEdit: (_artifact, base, delta) => setScores(base, delta),
    previews: { rating: (one, { section }) => previewRating(one, section) },
  }),
  implementAgent(concluding, { make: (needs) => ({ report: writeReport(needs) }) }),
];
