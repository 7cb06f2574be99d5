/* Searches an audit log, and counts:
 *
 *     cc -o search_log search_log.c $(pkg-config --cflags --libs tracer)
 *     ./search_log /var/log/audit/audit.log 'key == "passwd-changes" and not success'
 */
#include <stdio.h>
#include <tracer.h>

static int print(const char *lines, size_t length, void *data)
{
    (void)data;
    fwrite(lines, 1, length, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "which log, and what in it?\n");
        return 2;
    }
    long long count = tracer_search(argv[1], argv[2], print, NULL);
    if (count < 0) {
        fprintf(stderr, "%s\n", tracer_error());
        return 1;
    }
    printf("%lld events\n", count);
    return 0;
}
