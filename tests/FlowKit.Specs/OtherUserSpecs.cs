using System.Diagnostics;
using System.Net.Http.Json;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>Another user of the same machine, who shares its folder for temporary files, attacks what a running flow leaves anywhere.</summary>
public sealed class OtherUserSpecs : IDisposable
{
    /// <summary>
    /// Tries to read, change, replace and remove each file, to enter and change each folder, and to connect to each socket; prints what
    /// went well.
    /// </summary>
    private const string Attack = """
        import os, socket, stat, sys

        def tried(word, path, action):
            try:
                action()
                print(word, path, flush=True)
            except OSError:
                pass

        def read(path):
            if not open(path, 'rb').read(1):
                raise OSError('nothing in it')

        def connect(path):
            end = socket.socket(socket.AF_UNIX)
            end.settimeout(1)
            end.connect(path)

        def attack(path):
            mode = os.lstat(path).st_mode
            if stat.S_ISSOCK(mode):
                tried('connected', path, lambda: connect(path))
            elif stat.S_ISDIR(mode):
                tried('listed', path, lambda: os.listdir(path))
                tried('planted', path, lambda: open(os.path.join(path, 'planted'), 'x').close())
            elif stat.S_ISREG(mode):
                tried('read', path, lambda: read(path))
                tried('wrote', path, lambda: open(path, 'ab').write(b'x'))
                tried('cut', path, lambda: os.truncate(path, 0))
            tried('renamed', path, lambda: os.rename(path, path + '.gone'))
            if not stat.S_ISDIR(mode):
                tried('removed', path, lambda: os.unlink(path))

        # What lies there is told by the flow's own user: whoever guesses a name gets no further than who knows it.
        for line in sys.stdin:
            path = line.rstrip('\n')
            try:
                attack(path)
            except OSError:
                pass

        for process in filter(str.isdigit, os.listdir('/proc')):
            if os.stat(f'/proc/{process}').st_uid == 0:
                for part in ('environ', 'mem', 'maps'):
                    tried('read', f'/proc/{process}/{part}', lambda: read(f'/proc/{process}/{part}'))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public async Task Reads_writes_and_removes_nothing()
    {
        var (home, shared) = (Make("home", "755"), Make("shared", "1777"));
        Shell($"chmod 755 {_folder.Path}");
        var file = WriteFlow();
        var before = Everything(home, shared).ToHashSet(StringComparer.Ordinal);
        await using var flow = await StartAsync(file, home, shared);
        var indexed = await PostAsync(flow, "/index");

        var left = Everything(home, shared).Where(path => !before.Contains(path)).ToList();

        // One file that anybody may read shows that the attack works.
        var open = Path.Combine(shared, "open");
        await File.WriteAllTextAsync(open, "x");
        Shell($"chmod 644 {open}");
        var done = await AttackAsync([.. left, open]);

        Assert.Contains(left, path => path.EndsWith(".db", StringComparison.Ordinal));
        Assert.Contains(left, path => path.EndsWith(".dll", StringComparison.Ordinal));
        Assert.Contains(left, path => path.StartsWith(Path.Combine(home, ".local", "state", "flowkit"), StringComparison.Ordinal));
        Assert.Contains("\"a pear\"", indexed, StringComparison.Ordinal);
        Assert.Equal($"read {open}\n", done);
        Assert.Contains("\"a pear\"", await PostAsync(flow, "/search"), StringComparison.Ordinal);
        Assert.Equal(0, await flow.StopAsync());
    }

    [RootFact]
    public async Task What_is_planted_by_the_names_that_a_flow_uses_leads_to_no_folder_of_its_user()
    {
        var (home, shared) = (Make("home", "755"), Make("shared", "1777"));
        Shell($"chmod 755 {_folder.Path}");
        var precious = Make("home/precious", "700");
        await File.WriteAllTextAsync(Path.Combine(precious, "letter"), "dear");
        foreach (var name in (string[])["flowkit-worker-4000000-1-x", "w-4000000-1-x", "flowkit", "flowkit/run", "flowkit/run/w-4000000-1-x"])
        {
            var folder = Path.Combine(shared, name);
            Shell($"runuser -u nobody -- sh -c 'mkdir -m 777 {folder}; ln -s {precious} {folder}/z; ln -s {precious}/letter {folder}/s'");
        }

        await using (var flow = await StartAsync(WriteFlow(), home, shared))
        {
            Assert.Contains("\"a pear\"", await PostAsync(flow, "/index"), StringComparison.Ordinal);
            Assert.Equal(0, await flow.StopAsync());
        }

        Assert.Equal("dear", await File.ReadAllTextAsync(Path.Combine(precious, "letter")));
        Assert.Equal([Path.Combine(precious, "letter")], Directory.GetFileSystemEntries(precious));
    }

    /// <summary>Everything that a flow can leave: a compiled executor, a model's graph, sockets of workers, an index, the token of the start.</summary>
    private string WriteFlow()
    {
        _folder.File("Upper.cs", "public sealed class Upper : Executor { [Requests] public static void Pass() { } }");
        return _folder.File("flow.yml", """
            jtype: Flow
            executors:
              - {name: own, uses: ./Upper.cs, runtime: process}
              - {name: encoder, uses: ClipEncoder, uses_with: {model: tiny-clip}, runtime: process}
              - {name: indexer, uses: VectorIndexer}
            """);
    }

    private static Task<RunningFlow> StartAsync(string file, string home, string shared)
    {
        var start = FlowKitCommand.StartInfo("run", file, "--port", "0", "--workspace", Path.Combine(home, "work"));
        foreach (var (name, value) in new[] { ("HOME", home), ("TMPDIR", shared), ("XDG_CACHE_HOME", Path.Combine(home, ".cache")) })
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("XDG_RUNTIME_DIR");
        return RunningFlow.StartAsync(start);
    }

    private static async Task<string> PostAsync(RunningFlow flow, string path)
    {
        using var response = await flow.Http.PostAsJsonAsync(path, new { data = new[] { new { id = "p", text = "a pear" } } });
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> AttackAsync(IEnumerable<string> paths)
    {
        var script = _folder.File("attack.py", Attack);
        using var process = Process.Start(new ProcessStartInfo("runuser", ["-u", "nobody", "--", "/usr/bin/python3", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        foreach (var path in paths)
        {
            await process.StandardInput.WriteLineAsync(path);
        }

        process.StandardInput.Close();
        var done = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return done;
    }

    private string Make(string name, string mode)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(path);
        Shell($"chmod {mode} {path}");
        return path;
    }

    private static IEnumerable<string> Everything(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories));

    private static void Shell(string command)
    {
        using var shell = Process.Start("sh", ["-c", command]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
