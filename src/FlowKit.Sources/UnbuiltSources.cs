using System.Xml;
using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Sources.Assemblies;
using FlowKit.Sources.Projects;
using FlowKit.Sources.SingleFiles;

namespace FlowKit.Sources;

/// <summary>
/// Tells of executors what can be told without building, restoring or loading anything, so that none of their code runs: what is not
/// there, what does not compile by itself, what no project or assembly can be read from. Their options are not known.
/// </summary>
internal sealed class UnbuiltSources : IExecutorSources
{
    private static readonly ExecutorDescriptor s_unknown = new(typeof(ImageExecutor));

    /// <inheritdoc/>
    public ExecutorDescriptor Find(ExecutorConfig config, string baseDirectory, Action? building, CancellationToken cancellationToken)
    {
        var reference = UsesReference.Parse(config.Uses);
        var path = ExecutorFiles.PathOf(reference, baseDirectory);
        switch (reference.Origin)
        {
            case UsesOrigin.Source:
                CheckSource(config, path);
                break;
            case UsesOrigin.Project:
                CheckProject(ProjectFolder.Find(path, out var problem) ?? throw ExecutorSources.Refuse(config, problem));
                break;
            case UsesOrigin.Assembly:
                CheckAssembly(config, path);
                break;
            default:
                break;
        }

        return s_unknown;
    }

    /// <inheritdoc/>
    public IEnumerable<string> FilesOf(string uses, string baseDirectory) => ExecutorFiles.Of(uses, baseDirectory);

    private static void CheckSource(ExecutorConfig config, string path)
    {
        var text = ExecutorSources.ReadText(config, path);
        if (FileDirectives.Read(text, path) is not { } directives)
        {
            SourceCompiler.Check(text, path);
            return;
        }

        SourceCompiler.CheckSyntax(text, path);
        foreach (var project in directives.Projects)
        {
            CheckProject(ProjectFolder.Find(project, out var problem) ?? throw ExecutorSources.Refuse(config, problem));
        }
    }

    private static void CheckProject(string project)
    {
        try
        {
            using var reader = XmlReader.Create(project, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            while (reader.Read())
            {
                // Only its form counts here.
            }
        }
        catch (XmlException exception)
        {
            var place = new SourcePlace(project, exception.LineNumber, exception.LinePosition);
            throw new FlowConfigException([new ConfigError(place, "project", exception.Message)]);
        }
    }

    private static void CheckAssembly(ExecutorConfig config, string path)
    {
        if (!File.Exists(path))
        {
            throw ExecutorSources.Refuse(config, $"the assembly '{path}' does not exist");
        }

        try
        {
            if (AssemblyFacts.Read(path).Refusal is { } refusal)
            {
                throw ExecutorSources.Refuse(config, $"'{path}' cannot be used: {refusal}");
            }
        }
        catch (BadImageFormatException exception)
        {
            throw ExecutorSources.Refuse(config, $"'{path}' cannot be used: it is no .NET assembly: {exception.Message}");
        }
    }
}
