namespace FlowKit.Configuration;

/// <summary>Reads a flow's YAML: guard → overrides → variables → sections → validators. All mistakes are told at once.</summary>
public static class FlowConfigReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it may refer to, and what overrides it.</param>
    /// <exception cref="FlowConfigException">The file cannot be read or is not valid.</exception>
    public static FlowConfig Read(string path, FlowReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new FlowReadOptions();
        return ReadText(YamlSource.ReadFile(path), path, options with { BaseDirectory = options.BaseDirectory ?? Path.GetDirectoryName(Path.GetFullPath(path)) });
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">What messages call it.</param>
    /// <param name="options">What it may refer to, and what overrides it.</param>
    /// <exception cref="FlowConfigException">The text is not valid.</exception>
    public static FlowConfig ReadText(string text, string fileName, FlowReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new FlowReadOptions();
        var problems = new Problems();
        var root = YamlReader.Read(YamlSource.Check(text, fileName), fileName, problems);
        if (root is not YamlMapping mapping)
        {
            throw Problems.Fatal(root.Place, $"expected a flow, such as 'jtype: Flow' with a list of 'executors:', not {root.Shown}");
        }

        var overridden = new FlowOverrides(problems).Apply(mapping, options.Overrides);
        var resolved = (YamlMapping)new VariableSubstitution(options, problems).Apply(overridden);
        var config = new FlowSection(problems).Read(resolved, fileName, Path.GetFullPath(options.BaseDirectory ?? "."));
        problems.ThrowIfAny();
        return config;
    }
}
