using System.Text.Json;

namespace FlowKit.Coverage;

/// <summary>The reports of all test assemblies, joined.</summary>
internal sealed class CoverageReport(string root)
{
    private readonly SortedDictionary<string, CoveredFile> _files = new(StringComparer.Ordinal);

    /// <summary>The files that can run, by path.</summary>
    public IEnumerable<CoveredFile> Files => _files.Values;

    /// <summary>Adds a report in Coverlet's own format: assembly, file, class, method, and then its lines and branches.</summary>
    public void Add(string path)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(path));
        var files = report.RootElement.EnumerateObject().SelectMany(assembly => assembly.Value.EnumerateObject());
        foreach (var file in files)
        {
            var covered = FileAt(file.Name);
            foreach (var method in file.Value.EnumerateObject().SelectMany(type => type.Value.EnumerateObject()))
            {
                AddMethod(covered, method);
            }
        }
    }

    private static void AddMethod(CoveredFile file, JsonProperty method)
    {
        foreach (var line in method.Value.GetProperty("Lines").EnumerateObject())
        {
            file.AddLine(int.Parse(line.Name, System.Globalization.CultureInfo.InvariantCulture), line.Value.GetInt32() > 0);
        }

        foreach (var branch in method.Value.GetProperty("Branches").EnumerateArray())
        {
            int Number(string name) => branch.GetProperty(name).GetInt32();
            file.AddBranch(new Branch(Number("Line"), method.Name, Number("Offset"), Number("Path")), Number("Hits") > 0);
        }
    }

    private CoveredFile FileAt(string path)
    {
        var name = Path.GetRelativePath(root, path).Replace('\\', '/');
        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new CoveredFile(name));
        }

        return file;
    }
}
