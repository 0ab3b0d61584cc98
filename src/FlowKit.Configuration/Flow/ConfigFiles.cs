using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Hub;
using FlowKit.Configuration.Substitution;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Flow;

/// <summary>The YAML files of one flow: each is read once, and what they cost together is limited.</summary>
internal sealed class ConfigFiles(FlowReadOptions options, ConfigDiagnostics diagnostics)
{
    private const int MaxFileDepth = 8;
    private const int MaxFiles = 256;
    private const int MaxExecutors = 1000;

    private readonly Dictionary<string, YamlMapping?> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly List<string> _paths = [];
    private int _executors;

    /// <summary>The absolute paths of all files that were read, in the order they were.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment => options.Environment;

    /// <summary>Tells what <c>FLOWKIT_HUB</c> says, read when a name of the hub asks for it.</summary>
    public HubTable Hub => field ??= new HubTable(new Lazy<YamlMapping?>(ReadHub), HubTable.Variable, null, diagnostics);

    /// <summary>Reads the flow's own text, with what is set over it.</summary>
    /// <exception cref="FlowConfigException">It is no YAML, or no mapping.</exception>
    public YamlMapping Read(string text, ConfigFile file)
    {
        Note(file);
        var mapping = Parse(text, file.Shown, "a flow, such as 'jtype: Flow' with a list of 'executors:'");
        return Resolve(new FlowOverrides(diagnostics, options.OverridesOrigin).Apply(mapping, options.Overrides));
    }

    /// <summary>
    /// Reads a file that another names; a mistake in the name is told where it is written, one in the file at its place there.
    /// </summary>
    /// <param name="name">Its path, relative to the folder of <paramref name="from"/>.</param>
    /// <param name="key">The key that names it, for messages.</param>
    /// <param name="from">The file that names it.</param>
    public OpenedFile? Open(YamlScalar name, string key, ConfigFile from)
    {
        var path = Locate(name.Value, from.Folder);
        var file = from.Inner(name, path ?? "");
        if (Refuse(name, path, file) is { } message)
        {
            diagnostics.Add(name.Place, key, message);
            return null;
        }

        if (!_roots.TryGetValue(file.FullPath, out var root))
        {
            root = _roots[file.FullPath] = ReadFile(file);
        }

        Note(file);
        return root is null ? null : new OpenedFile(root, file);
    }

    /// <summary>
    /// The place where a relative path starts that is written somewhere: the folder of that file, or of the flow for what is set over it.
    /// </summary>
    public string FolderOf(SourcePlace place, ConfigFile otherwise) => _folders.GetValueOrDefault(place.File, otherwise.Folder);

    /// <summary>Counts executors against what a flow may have, those of the flows inside it included.</summary>
    public string? Reserve(int count)
    {
        var inside = _executors > 0;
        _executors += count;
        return _executors <= MaxExecutors ? null
            : $"expected at most {MaxExecutors} executors, not {_executors}{(inside ? ", with those of the flows inside" : "")}";
    }

    private string? Refuse(YamlScalar name, string? path, ConfigFile file)
    {
        if (path is null || !File.Exists(path))
        {
            return $"the file {name.Shown} does not exist";
        }

        if (file.Outer!.ComesFrom(path))
        {
            return $"a file cannot contain itself: {file.Road}";
        }

        if (file.Depth > MaxFileDepth)
        {
            return $"files inside files are read at most {MaxFileDepth} deep: {file.Road}";
        }

        if (_roots.Count >= MaxFiles && !_roots.ContainsKey(path))
        {
            return $"more than {MaxFiles} files";
        }

        return null;
    }

    private YamlMapping? ReadFile(ConfigFile file)
    {
        try
        {
            return Resolve(
                Parse(
                    YamlSource.ReadFile(file.FullPath, file.Shown),
                    file.Shown,
                    "a flow, a deployment or an executor, such as 'jtype: Encoder'"));
        }
        catch (FlowConfigException exception)
        {
            Tell(exception);
            return null;
        }
    }

    private YamlMapping? ReadHub()
    {
        try
        {
            if (options.Environment(HubTable.Variable) is not { Length: > 0 } text)
            {
                return null;
            }

            if (YamlReader.Read(YamlSource.Check(text, HubTable.Variable), HubTable.Variable, diagnostics) is YamlMapping mapping)
            {
                return mapping;
            }
        }
        catch (FlowConfigException)
        {
            // Told below without the parser's words: they may hold the variable's value.
        }

        diagnostics.Add(
            new SourcePlace(HubTable.Variable, 0, 0),
            "",
            "expected a mapping of names to what is used instead, such as '{MyEncoder: ./encoder}'");
        return null;
    }

    private void Tell(FlowConfigException exception)
    {
        foreach (var error in exception.Errors)
        {
            diagnostics.Add(error.Place, error.Key, error.Message);
        }
    }

    private YamlMapping Parse(string text, string shown, string expected)
    {
        var root = YamlReader.Read(YamlSource.Check(text, shown), shown, diagnostics);
        return root as YamlMapping ?? throw ConfigDiagnostics.Fatal(root.Place, $"expected {expected}, not {root.Shown}");
    }

    private YamlMapping Resolve(YamlMapping mapping) => (YamlMapping)new VariableSubstitution(options, diagnostics).Apply(mapping);

    private void Note(ConfigFile file)
    {
        _folders.TryAdd(file.Shown, file.Folder);
        if (file.FullPath.Length > 0 && !_paths.Contains(file.FullPath))
        {
            _paths.Add(file.FullPath);
        }
    }

    private static string? Locate(string name, string folder)
    {
        try
        {
            return Path.GetFullPath(name, folder);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
