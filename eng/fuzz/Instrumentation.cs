using SharpFuzz;

namespace FlowKit.Fuzz;

/// <summary>A copy of this program whose product assemblies tell which branches they take.</summary>
internal static class Instrumentation
{
    private const string Own = "Fuzz.dll";

    /// <summary>Makes the copy, unless it is there and newer than this program.</summary>
    /// <returns>The program to run.</returns>
    public static string Prepare()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "fuzz", "bin");
        var stamp = Path.Combine(folder, "stamp");
        var program = Path.Combine(folder, Own);
        if (File.Exists(stamp) && Sources().All(path => File.GetLastWriteTimeUtc(path) < File.GetLastWriteTimeUtc(stamp)))
        {
            return program;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var source in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }

        foreach (var path in Directory.EnumerateFiles(folder, "FlowKit.*.dll").Append(Path.Combine(folder, "YamlDotNet.dll")).Where(File.Exists))
        {
            Fuzzer.Instrument(path, static _ => true, Options.Value);
        }

        File.WriteAllText(stamp, "");
        return program;
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll");
}
