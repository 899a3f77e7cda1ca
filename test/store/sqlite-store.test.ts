import { createSqlitePlace } from './sqlite-place.ts';
import { storeSuite } from './store-suite.ts';

storeSuite('A store on SQLite', createSqlitePlace);
