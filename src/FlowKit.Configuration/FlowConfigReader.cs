using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration;

/// <summary>
/// Reads a flow's YAML: guard → overrides → variables → sections → validators, and the files that it names alike. All mistakes are told at
/// once.
/// </summary>
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
        return Read(YamlSource.ReadFile(path, path), FileOf(path, options), options);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">What messages call it.</param>
    /// <param name="options">What it may refer to, and what overrides it.</param>
    /// <exception cref="FlowConfigException">The text is not valid.</exception>
    public static FlowConfig ReadText(string text, string fileName, FlowReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        options ??= new FlowReadOptions();
        return Read(text, new ConfigFile(fileName, "", Path.GetFullPath(options.BaseDirectory ?? ".")), options);
    }

    /// <summary>Reads a file as far as it can be read, so that what is left can be checked further.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it may refer to, and what overrides it.</param>
    /// <param name="errors">The mistakes; where there are any, their keys have their defaults.</param>
    /// <exception cref="FlowConfigException">The file cannot be read, or is no YAML.</exception>
    internal static FlowConfig ReadLeniently(string path, FlowReadOptions options, out IReadOnlyList<ConfigError> errors)
    {
        var diagnostics = new ConfigDiagnostics();
        var config = Read(YamlSource.ReadFile(path, path), FileOf(path, options), options, diagnostics);
        errors = diagnostics.Errors;
        return config;
    }

    private static ConfigFile FileOf(string path, FlowReadOptions options)
    {
        var fullPath = Path.GetFullPath(path);
        return new ConfigFile(path, fullPath, Path.GetFullPath(options.BaseDirectory ?? Path.GetDirectoryName(fullPath)!));
    }

    private static FlowConfig Read(string text, ConfigFile file, FlowReadOptions options)
    {
        var diagnostics = new ConfigDiagnostics();
        var config = Read(text, file, options, diagnostics);
        diagnostics.ThrowIfAny();
        return config;
    }

    private static FlowConfig Read(string text, ConfigFile file, FlowReadOptions options, ConfigDiagnostics diagnostics)
    {
        var files = new ConfigFiles(options, diagnostics);
        var config = new FlowSection(files, diagnostics).Read(files.Read(text, file), file);
        return config with { Files = files.Paths, Warnings = diagnostics.Warnings };
    }
}
