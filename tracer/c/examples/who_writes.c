/* Prints who changes what in a directory, until a file named "stop" is made there:
 *
 *     cc -o who_writes who_writes.c $(pkg-config --cflags --libs tracer) && ./who_writes /srv
 */
#include <stdio.h>
#include <string.h>
#include <tracer.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "which directory?\n");
        return 2;
    }
    tracer_options *options = tracer_options_new();
    tracer_options_path(options, argv[1]);
    tracer *tracer = tracer_open(options);
    if (!tracer) {
        fprintf(stderr, "%s\n", tracer_error());
        return tracer_error_is_privilege() ? 3 : 1;
    }
    puts("ready");
    fflush(stdout);
    const tracer_event *event;
    int got;
    while ((got = tracer_next(tracer, -1, &event)) == TRACER_EVENT) {
        if (!strcmp(event->op, "loss")) {
            printf("lost: %lld (%s)\n", (long long)event->lost, event->reason);
            continue;
        }
        for (size_t i = 0; i < event->path_count; i++) {
            const char *path = event->paths[i];
            printf("%s[%lld] %s %s\n", event->comm ? event->comm : "?", (long long)event->pid, event->op,
                   path ? path : "?");
            const char *name = path ? strrchr(path, '/') : NULL;
            if (name && !strcmp(name, "/stop"))
                tracer_stop(tracer);
        }
    }
    if (got < 0)
        fprintf(stderr, "%s\n", tracer_error());
    tracer_close(tracer);
    return got == TRACER_ENDED ? 0 : 1;
}
