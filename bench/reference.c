/* What the engine is measured against: the same work in C, on libhyperscan and libdeflate, on one thread.
 *
 *     cc -O3 -o reference bench/reference.c -lhs -ldeflate
 *     reference text|zip PATTERNS FILE [TIMES [FLAGS]]     prints what it took
 *     reference hits PATTERNS FILE                         prints what it found
 *
 * PATTERNS holds one regular expression a line, as `failure-investigator signatures patterns` prints them. A text is read
 * in blocks of 256 KiB cut at line ends; of a run's zip the jobs' own files are inflated (the files of their steps hold
 * the same text again) and scanned in the same blocks. Every (line number, pattern) is reported once. Matches are not
 * looked at a second time, so one that reached over a line's end is counted too.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <hs/hs.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 };

typedef struct { unsigned long long end; unsigned pattern; } Event;
typedef struct { uint64_t line; unsigned pattern; } Hit;

static hs_database_t *database;
static hs_scratch_t *scratch;
static char **patterns;
static unsigned pattern_count;
static uint64_t *last_line; /* per pattern, of the text being read */
static uint64_t line;       /* number of the line that the next block begins with */
static Event *events;
static size_t event_count, event_room;
static Hit *hits;
static size_t hit_count, hit_room, bytes_scanned;

static void die(const char *what) { fprintf(stderr, "reference: %s\n", what); exit(2); }

static void *room_for(void *array, size_t count, size_t *room, size_t size) {
    if (count < *room) return array;
    *room = *room ? *room * 2 : 4096;
    array = realloc(array, *room * size);
    if (!array) die("out of memory");
    return array;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from, (void)flags, (void)context;
    events = room_for(events, event_count, &event_room, sizeof *events);
    events[event_count++] = (Event){to, id};
    return 0;
}

static int by_end(const void *a, const void *b) {
    unsigned long long x = ((const Event *)a)->end, y = ((const Event *)b)->end;
    return (x > y) - (x < y);
}

static void sort_events(void) {
    for (size_t i = 1; i < event_count; i++)
        if (events[i].end < events[i - 1].end) {
            qsort(events, event_count, sizeof *events, by_end);
            return;
        }
}

/* Whole lines: scanned, then walked from newline to newline. */
static void scan_block(const char *block, size_t size) {
    event_count = 0;
    if (hs_scan(database, block, (unsigned)size, 0, scratch, on_match, NULL) != HS_SUCCESS) die("hs_scan failed");
    sort_events();
    const char *at = block, *stop = block + size;
    const char *newline = memchr(at, '\n', size);
    for (size_t i = 0; i < event_count; i++) {
        const char *last = block + events[i].end - 1;
        while (newline && newline < last) {
            at = newline + 1, line++;
            newline = memchr(at, '\n', (size_t)(stop - at));
        }
        if (last_line[events[i].pattern] == line) continue;
        last_line[events[i].pattern] = line;
        hits = room_for(hits, hit_count, &hit_room, sizeof *hits);
        hits[hit_count++] = (Hit){line, events[i].pattern};
    }
    for (; newline; newline = memchr(at, '\n', (size_t)(stop - at))) at = newline + 1, line++;
    bytes_scanned += size;
}

static void begin_text(void) {
    memset(last_line, 0, pattern_count * sizeof *last_line);
    line = 1;
}

static void scan_memory(const char *data, size_t size) {
    begin_text();
    for (size_t at = 0; at < size;) {
        size_t length = size - at < BLOCK ? size - at : BLOCK;
        if (at + length < size) {
            const char *cut = memrchr(data + at, '\n', length);
            if (!cut) cut = memchr(data + at + length, '\n', size - at - length);
            length = cut ? (size_t)(cut + 1 - data) - at : size - at;
        }
        scan_block(data + at, length);
        at += length;
    }
}

/* Read and scan in turn, so that a block is still in the processor's cache when it is looked at. */
static void scan_file(const char *path) {
    static char *buffer;
    static size_t room;
    int file = open(path, O_RDONLY);
    if (file < 0) die("cannot open the log");
    begin_text();
    for (size_t have = 0;;) {
        if (room < have + BLOCK) buffer = realloc(buffer, room = 2 * have + BLOCK);
        size_t wanted = have < BLOCK ? BLOCK - have : BLOCK;
        ssize_t got = read(file, buffer + have, wanted);
        if (got < 0) die("cannot read the log");
        if (got == 0) {
            if (have) scan_block(buffer, have);
            break;
        }
        char *cut = memrchr(buffer + have, '\n', (size_t)got);
        have += (size_t)got;
        if (!cut || (have < BLOCK)) continue;
        size_t whole = (size_t)(cut + 1 - buffer);
        scan_block(buffer, whole);
        memmove(buffer, buffer + whole, have - whole);
        have -= whole;
    }
    close(file);
}

static unsigned char *read_all(const char *path, size_t *size) {
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) < 0) die("cannot open a file");
    *size = (size_t)about.st_size;
    unsigned char *data = malloc(*size + 1);
    for (size_t have = 0; have < *size;) {
        ssize_t got = read(file, data + have, *size - have);
        if (got <= 0) die("cannot read a file");
        have += (size_t)got;
    }
    data[*size] = 0;
    close(file);
    return data;
}

static uint32_t u32(const unsigned char *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }
static uint32_t u16(const unsigned char *p) { return (uint32_t)(p[0] | p[1] << 8); }

static void scan_member(struct libdeflate_decompressor *inflater, const unsigned char *zip, const unsigned char *entry) {
    static char *text;
    static size_t room;
    size_t packed = u32(entry + 20), size = u32(entry + 24);
    const unsigned char *local = zip + u32(entry + 42);
    const unsigned char *data = local + 30 + u16(local + 26) + u16(local + 28);
    if (room < size) text = realloc(text, room = size);
    if (u16(entry + 10) == 0) memcpy(text, data, size);
    else if (libdeflate_deflate_decompress(inflater, data, packed, text, size, NULL) != LIBDEFLATE_SUCCESS)
        die("a member cannot be inflated");
    if (libdeflate_crc32(0, text, size) != u32(entry + 16)) die("a member's checksum is wrong");
    scan_memory(text, size);
}

static void scan_zip(const char *path) {
    size_t size;
    unsigned char *zip = read_all(path, &size), *end = zip + size - 22;
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    while (end > zip && u32(end) != 0x06054b50) end--;
    unsigned char *entry = zip + u32(end + 16);
    for (unsigned left = u16(end + 10); left; left--) {
        if (!memchr(entry + 46, '/', u16(entry + 28))) scan_member(inflater, zip, entry);
        entry += 46 + u16(entry + 28) + u16(entry + 30) + u16(entry + 32);
    }
    libdeflate_free_decompressor(inflater);
    free(zip);
}

static void load_patterns(const char *path, unsigned flags) {
    size_t size;
    char *text = (char *)read_all(path, &size);
    for (char *at = text; *at;) {
        char *stop = strchr(at, '\n');
        if (stop) *stop = 0;
        patterns = realloc(patterns, (pattern_count + 1) * sizeof *patterns);
        patterns[pattern_count++] = at;
        if (!stop) break;
        at = stop + 1;
    }
    unsigned *ids = malloc(pattern_count * sizeof *ids), *all = malloc(pattern_count * sizeof *all);
    for (unsigned i = 0; i < pattern_count; i++) ids[i] = i, all[i] = flags;
    hs_compile_error_t *error;
    if (hs_compile_multi((const char *const *)patterns, all, ids, pattern_count, HS_MODE_BLOCK, NULL, &database, &error))
        die(error->message);
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) die("hs_alloc_scratch failed");
    last_line = calloc(pattern_count, sizeof *last_line);
    free(ids), free(all);
}

int main(int count, char **words) {
    if (count < 4) die("usage: reference text|zip|hits PATTERNS FILE [TIMES [FLAGS]]");
    int times = count > 4 ? atoi(words[4]) : 1;
    double start = now(), best = 1e9;
    load_patterns(words[2], count > 5 ? (unsigned)strtoul(words[5], NULL, 10) : 0);
    double ready = now() - start;
    for (int i = 0; i < times; i++) {
        hit_count = bytes_scanned = 0;
        start = now();
        if (words[1][0] == 'z') scan_zip(words[3]);
        else scan_file(words[3]);
        double took = now() - start;
        if (took < best) best = took;
    }
    if (words[1][0] == 'h')
        for (size_t i = 0; i < hit_count; i++) printf("%llu\t%s\n", (unsigned long long)hits[i].line, patterns[hits[i].pattern]);
    else
        printf("%zu hits\n%zu bytes\n%.6f seconds\n%.6f seconds to compile the database\n", hit_count, bytes_scanned, best, ready);
    return 0;
}
