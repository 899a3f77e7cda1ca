// The SDK notes a stack for each promise of a workflow, and looks every frame of it up in the source map: a fifth of a
// run's work in the sandbox. One frame says where; what went wrong is in the message. Loaded before the sandbox's
// globals are frozen, and only where all workflow code is Baton's own: whoever writes workflows by hand gets whole stacks.
Error.stackTraceLimit = 1;
