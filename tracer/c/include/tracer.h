/* libtracer: who did what to which file or system call, when, and with what result. Made from tracer/c/src; see docs/library.md. */

#ifndef TRACER_H
#define TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The best source that works and can tell what is asked for.
#define TRACER_AUTO 0

// eBPF: who, what and with what result. Needs root.
#define TRACER_EBPF 1

// fanotify(7): who and what, successes only. Needs root.
#define TRACER_FANOTIFY 2

// inotify(7): what, but not who.
#define TRACER_INOTIFY 3

// What `tracer_next` returns: there is an event.
#define TRACER_EVENT 1

// There was none within the time.
#define TRACER_NOTHING 0

// There will be none any more.
#define TRACER_ENDED 2

// Events, while they happen.
typedef struct tracer tracer;

// What is asked for. With paths alone it is a watch: what anybody does to these files and trees. With processes, a
// command or calls it is a trace. With rules it is what an audit rule set reports.
typedef struct tracer_options tracer_options;

// What happened. Numbers that are not known are -1, strings NULL. Later versions have more members, behind these.
typedef struct {
  // What, in one word: `write`, `delete`, ...; `loss`: records were lost here.
  const char *op;
  // Nanoseconds since 1970.
  uint64_t wall_ns;
  // `CLOCK_MONOTONIC`, in nanoseconds; 0: the source has none.
  uint64_t mono_ns;
  // Process.
  int64_t pid;
  // Thread.
  int64_t tid;
  // Parent process.
  int64_t ppid;
  // Real user.
  int64_t uid;
  // Login user; 4294967295: unset.
  int64_t auid;
  // Command name.
  const char *comm;
  // Absolute path of the program.
  const char *exe;
  // Working directory.
  const char *cwd;
  // Name of the system call; NULL for a notification.
  const char *syscall;
  // Its result: negative errno on failure. It means something where `syscall` is there and `success` is known.
  int64_t result;
  // 1: it succeeded, 0: it failed.
  int success;
  // How many paths there are.
  size_t path_count;
  // Absolute paths of the files that it is about, in the order of the arguments; NULL for one that is not known.
  const char *const *paths;
  // The key of the rule that reported it.
  const char *key;
  // Of a loss: how many records; -1 where the kernel does not count them.
  int64_t lost;
  // Of a loss: why.
  const char *reason;
} tracer_event;

// Is given the records of one event, a line each, without a NUL behind them. What is not 0 ends the search. It returns:
// no exception and no longjmp(3) may leave it.
typedef int (*tracer_found)(const char *lines, size_t length, void *data);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Nothing is asked for yet. `tracer_open` takes it back, and `tracer_options_free` where that is not called.
tracer_options *tracer_options_new(void);

// Takes it back. NULL is fine.
//
// # Safety
// It is one of `tracer_options_new`, and is not used again.
void tracer_options_free(tracer_options *options);

// Only what is done to this file, or in this tree; may be called again for another.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_path(tracer_options *options, const char *path);

// Leaves out absolute paths that match a pattern, and what is below them; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_exclude(tracer_options *options, const char *pattern);

// Only these system calls: names, sets such as `%file`, `/REGEX`, with commas between.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_calls(tracer_options *options, const char *calls);

// Only commands of this name, which may have wildcards; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_comm(tracer_options *options, const char *pattern);

// Only programs whose absolute path matches a pattern; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_exe(tracer_options *options, const char *pattern);

// Only this process, or this single thread; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_pid(tracer_options *options, uint32_t pid);

// Descendants of the processes, too.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_follow(tracer_options *options, bool follow);

// Only this real user; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_uid(tracer_options *options, uint32_t uid);

// Only what succeeded, or only what failed.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_success(tracer_options *options, bool success);

// Only this operation, by the word of a `tracer_event`: `write`, `delete`, ...; may be called again.
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_op(tracer_options *options, const char *op);

// Are trees watched, and not only what is directly in a directory? They are, if nothing else is said.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_recursive(tracer_options *options, bool recursive);

// Only these notifications of inotify(7): `IN_...` of `sys/inotify.h`.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_events(tracer_options *options, uint32_t mask);

// Size of the ring between the kernel and this program, in bytes (16 MiB, if nothing else is said).
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_ring(tracer_options *options, uint32_t bytes);

// Uses this source and no other: `TRACER_AUTO`, `TRACER_EBPF`, `TRACER_FANOTIFY`, `TRACER_INOTIFY`.
//
// # Safety
// The options are those of `tracer_options_new`.
int tracer_options_source(tracer_options *options, int source);

// Runs a command, and traces it from its first instruction with its descendants: its name or path and its arguments,
// with NULL behind the last.
//
// # Safety
// The options are those of `tracer_options_new`; each string ends with NUL, and the list with NULL.
int tracer_options_command(tracer_options *options,
                           const char *const *words);

// What the rules of a file report (audit's rule language, as auditctl reads it).
//
// # Safety
// The options are those of `tracer_options_new`, the string ends with NUL.
int tracer_options_rules(tracer_options *options, const char *path);

// Begins, and takes the options back, also when it fails (NULL). What happens from here on is told.
//
// # Safety
// The options are those of `tracer_options_new`, and are not used again.
tracer *tracer_open(tracer_options *options);

// Waits for the next event for so many milliseconds, for ever if they are negative: `TRACER_EVENT`, and `*event` is
// what it is until the next call of this function or `tracer_close`; `TRACER_NOTHING`; `TRACER_ENDED`; negative when
// the source broke.
//
// # Safety
// `tracer` is one of `tracer_open`, and `event` leads to a pointer.
int tracer_next(tracer *tracer,
                int milliseconds,
                const tracer_event **event);

// The last event as one line of JSON with all that is known of it, without the end of the line; NULL where there is
// none. It is what it is until the next call of this function or `tracer_next`.
//
// # Safety
// `tracer` is one of `tracer_open`.
const char *tracer_json(tracer *tracer);

// A descriptor that can be polled: readable when `tracer_next` may have something. Then call that with 0 until it says
// `TRACER_NOTHING`. It belongs to the tracer.
//
// # Safety
// `tracer` is one of `tracer_open`.
int tracer_fd(const tracer *tracer);

// Which source it is and, if it is not the best one, why. It is what it is until `tracer_close`.
//
// # Safety
// `tracer` is one of `tracer_open`.
const char *tracer_why(const tracer *tracer);

// The process of the command; negative where there is none. Where the run ends before it, nobody waits for it:
// waitpid(2) does.
//
// # Safety
// `tracer` is one of `tracer_open`.
int64_t tracer_child(const tracer *tracer);

// How many records were lost in all, once it has ended; negative before.
//
// # Safety
// `tracer` is one of `tracer_open`.
int64_t tracer_lost(const tracer *tracer);

// Ends it: what the kernel already has still comes, and then `TRACER_ENDED`. May be called by another thread.
//
// # Safety
// `tracer` is one of `tracer_open`, and `tracer_close` is not called meanwhile.
void tracer_stop(const tracer *tracer);

// How the command ended, as waitpid(2) says it; negative where there is none, or it goes on.
//
// # Safety
// `tracer` is one of `tracer_open`.
int tracer_status(const tracer *tracer);

// Ends it at once and takes it back. NULL is fine.
//
// # Safety
// `tracer` is one of `tracer_open`, and is not used again.
void tracer_close(tracer *tracer);

// Why the last call of this thread that failed has failed: what, why and what to do. It is what it is until the
// next one fails.
const char *tracer_error(void);

// Would more privilege have helped?
bool tracer_error_is_privilege(void);

// Searches an audit log (a file, with what was rotated away, or the directory that it is in) for events that an
// expression is true of, as `tracer search --where` has it: `key == "passwd" and not success`. NULL: all of them.
// Gives each to `found`, with `data`. Returns how many it gave, negative on failure.
//
// # Safety
// The strings end with NUL.
int64_t tracer_search(const char *log,
                      const char *expression,
                      tracer_found found,
                      void *data);

// Sends a text into the audit log of this machine's daemon, as a USER record; with `type=USER_CMD ` and its like
// before it, as another one for user space.
//
// # Safety
// The string ends with NUL.
int tracer_message(const char *message);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TRACER_H */
