using System.Text.Json;
using FlowKit.Configuration.Launching;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Sources.Projects;

namespace FlowKit.Orchestration.Images;

/// <summary>
/// The contents of the image of an executor that has no Dockerfile of its own: FlowKit's image, the executor's files, and its name.
/// </summary>
/// <param name="Uses">The value of <c>flowkit executor --uses</c> inside the image.</param>
/// <param name="Files">The files or the folder that it needs; <see langword="null"/> for an executor that comes with FlowKit.</param>
public sealed record ImageRecipe(string Uses, string? Files)
{
    private const string Folder = "/executor";

    private static readonly string[] s_configs = ["executor.yml", "executor.yaml", "config.yml", "config.yaml"];

    /// <summary>Reads what is to be in an image.</summary>
    /// <param name="executor">
    /// An executor's name, one C# file, or a folder with an executor's YAML file or one C# file; a project is published first, see
    /// <see cref="OfPublished"/>.
    /// </param>
    /// <exception cref="FlowKitException">It is none of these.</exception>
    public static ImageRecipe Of(string executor)
    {
        ArgumentException.ThrowIfNullOrEmpty(executor);
        if (File.Exists(executor))
        {
            return new ImageRecipe($"{Folder}/{Path.GetFileName(executor)}", Path.GetFullPath(executor));
        }

        if (!Directory.Exists(executor))
        {
            return executor.Contains('/', StringComparison.Ordinal) || executor.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
                ? throw new FlowKitException(
                    FlowErrorCode.NotFound, $"'{executor}' is not there; name an executor, a C# file or an executor's folder")
                : new ImageRecipe(executor, null);
        }

        var main = Array.Find(s_configs, name => File.Exists(Path.Combine(executor, name)))
            ?? (Directory.GetFiles(executor, "*.cs") is [var only] ? Path.GetFileName(only) : null)
            ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"the folder '{executor}' holds neither a Dockerfile, nor an executor.yml, nor one project, nor exactly one C# file, "
                    + $"so that it does not say what runs; add a Dockerfile that starts FROM {ContainerImage.Own}");
        return new ImageRecipe($"{Folder}/{main}", Path.GetFullPath(executor));
    }

    /// <summary>
    /// The project that an executor is built from; <see langword="null"/> when it is no project, or its folder has a YAML file that says
    /// what runs.
    /// </summary>
    /// <param name="executor">A project or a folder.</param>
    public static string? ProjectOf(string executor)
    {
        if (File.Exists(executor))
        {
            return Path.GetExtension(executor).EndsWith("proj", StringComparison.OrdinalIgnoreCase) ? executor : null;
        }

        return Directory.Exists(executor) && !Array.Exists(s_configs, name => File.Exists(Path.Combine(executor, name)))
            ? ProjectFolder.Find(executor, out _)
            : null;
    }

    /// <summary>The C# file that is the executor; <see langword="null"/> for anything else.</summary>
    internal string? Source => Files is not null && Uses.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
        ? Path.Combine(Directory.Exists(Files) ? Files : Path.GetDirectoryName(Files)!, Path.GetFileName(Uses))
        : null;

    /// <summary>Returns the recipe for an image of a published project.</summary>
    /// <param name="assembly">The assembly's file.</param>
    /// <param name="folder">The folder that it is published to.</param>
    internal static ImageRecipe OfPublished(string assembly, string folder) => new($"{Folder}/{assembly}", folder);

    /// <summary>The Dockerfile.</summary>
    /// <param name="image">FlowKit's image.</param>
    public string Dockerfile(string image)
    {
        var probe = $"""["/app/probe", "grpc://127.0.0.1:{RunOptions.InnerPort}"]""";
        return $"""
            FROM {image}
            {(Files is null ? "" : $"COPY files {Folder}")}
            LABEL {ContainerImage.EntryLabel}=executor
            ENV {ExecutorVariables.Host}=0.0.0.0 {ExecutorVariables.Port}={RunOptions.InnerPort}
            EXPOSE {RunOptions.InnerPort}
            HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD {probe}
            ENTRYPOINT ["dotnet", "/app/flowkit.dll", "executor", "--uses", {JsonSerializer.Serialize(Uses)}]

            """;
    }

    /// <summary>Writes the folder that the engine builds.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="image">FlowKit's image.</param>
    /// <returns>What was left out because it belongs in no image, each with the reason.</returns>
    public IReadOnlyList<string> Write(string folder, string image)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), Dockerfile(image));
        var files = Path.Combine(folder, "files");
        if (File.Exists(Files))
        {
            Directory.CreateDirectory(files);
            File.Copy(Files, Path.Combine(files, Path.GetFileName(Files)));
            return [];
        }

        return Files is null ? [] : ContextCopy.Copy(Files, files);
    }
}
