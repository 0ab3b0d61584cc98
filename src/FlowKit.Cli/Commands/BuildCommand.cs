using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Orchestration.Images;
using FlowKit.Sources;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit build EXECUTOR -t TAG</c>: an executor's image.</summary>
internal static class BuildCommand
{
    private const string Description = """
        Builds the image of one executor, for uses: docker://TAG.

        Examples:
          flowkit build ClipImageEncoder -t clip-image-encoder
          flowkit build ./Upper.cs -t upper:1
          flowkit build ./my-executor -t my-executor:1
        """;

    public static Command Create()
    {
        var executor = new Argument<string>("EXECUTOR")
        {
            Description = "An executor's name, a C# file, a project, or a folder with a Dockerfile, an executor.yml, a project or one C# "
                + "file.",
        };
        var tag = new Option<string>("--tag", "-t") { Description = "The image's name.", Required = true };
        var image = new Option<string>("--image")
        {
            Description = "FlowKit's own image, which it is built on.",
            DefaultValueFactory = _ => ImageBuild.OwnImage,
        };
        var command = new Command("build", Description) { executor, tag, image };
        command.SetAction(async (result, cancellationToken) =>
        {
            var name = result.GetRequiredValue(executor);
            Check(name);
            await ImageBuild.RunAsync(
                name,
                result.GetRequiredValue(tag),
                result.GetRequiredValue(image),
                Report.Warning,
                preparing => ProgressLine.RunAsync($"Preparing {name}", report => PrepareAsync(preparing, report)),
                cancellationToken);
            Report.Line($"Built {result.GetRequiredValue(tag)}: name it with 'uses: docker://{result.GetRequiredValue(tag)}'.");
            return 0;
        });
        return command;
    }

    private static async Task<bool> PrepareAsync(Func<Task> preparing, Action<int, int> report)
    {
        report(0, 1);
        await preparing();
        report(1, 1);
        return true;
    }

    /// <summary>A name or a file that would not run is told now, and not by the container.</summary>
    private static void Check(string executor)
    {
        if (!Directory.Exists(executor) && ImageRecipe.ProjectOf(executor) is null)
        {
            var config = new ExecutorConfig
            {
                Name = "executor",
                Uses = ImageRecipe.Of(executor).Files ?? executor,
                Needs = ["gateway"],
                UsesPlace = new SourcePlace(executor, 0, 0),
            };
            _ = ComponentCatalog.ScanApplication().With(ExecutorSources.Default).Resolve(config, Directory.GetCurrentDirectory());
        }
    }
}
