/* Runs a command and prints its system calls about files as JSON, a line each, by poll(2):
 *
 *     cc -o calls_of_command calls_of_command.c $(pkg-config --cflags --libs tracer)
 *     ./calls_of_command ls -l
 */
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <tracer.h>

int main(int argc, char **argv)
{
    (void)argc;
    tracer_options *options = tracer_options_new();
    if (tracer_options_command(options, (const char *const *)argv + 1) ||
        tracer_options_calls(options, "%file")) {
        fprintf(stderr, "%s\n", tracer_error());
        tracer_options_free(options);
        return 2;
    }
    tracer *tracer = tracer_open(options);
    if (!tracer) {
        fprintf(stderr, "%s\n", tracer_error());
        return 1;
    }
    struct pollfd readable = { .fd = tracer_fd(tracer), .events = POLLIN };
    const tracer_event *event;
    int got = TRACER_NOTHING;
    while (got == TRACER_NOTHING && poll(&readable, 1, -1) >= 0)
        while ((got = tracer_next(tracer, 0, &event)) == TRACER_EVENT)
            puts(tracer_json(tracer));
    int status = tracer_status(tracer);
    tracer_close(tracer);
    return got == TRACER_ENDED && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
