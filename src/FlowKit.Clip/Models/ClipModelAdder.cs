using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Clip.Models.Diagnostics;
using FlowKit.Imaging;

namespace FlowKit.Clip.Models;

/// <summary>
/// Writes a card for a folder that a user exported: which model it is, checksums, and a self-test of what it answers today.
/// </summary>
public static class ClipModelAdder
{
    private const int Head = 8;

    private static readonly string[] Texts = ["red", "blue", "green", "a photo of a cat"];
    private static readonly int[][] Colours = [[220, 30, 35], [40, 80, 220], [40, 160, 60]];

    /// <summary>Adds a folder to a store: the folder gets a card, the store a link to it.</summary>
    /// <param name="folder">The folder with the model's files.</param>
    /// <param name="name">The model's name in the store; by default the folder's name.</param>
    /// <param name="model">
    /// The registry's model it is, where it is one; <see langword="null"/> takes what the folder's name and configuration say.
    /// </param>
    /// <param name="store">The store.</param>
    /// <returns>The card's path.</returns>
    /// <exception cref="FlowKitException">No model in the folder, values that contradict each other, or a name that is taken.</exception>
    public static string Add(string folder, string? name, string? model, ClipModelStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        folder = ClipModelLookup.Find(folder);
        name ??= Path.GetFileName(folder);
        var link = store.FolderOf(name)
            ?? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"'{name}' cannot be a folder's name.");
        var isOwn = Path.GetFullPath(link) == Path.GetFullPath(folder);
        if (Path.Exists(link) && !isOwn && new DirectoryInfo(link).LinkTarget != folder)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The name '{name}' is taken by {link}; give another one with --name, or remove that.");
        }

        var path = Path.Combine(folder, ClipModelFolder.CardFile);
        var card = File.Exists(path) ? CardReader.ReadFile(path, "model card") : [];
        var before = card.ToJsonString(CardReader.Format);
        if (model is not null)
        {
            card["model"] = model;
        }

        try
        {
            Write(path, card);
            Complete(folder, card);
            Write(path, card);
        }
        catch
        {
            Restore(path, before);
            throw;
        }

        if (!isOwn && !Path.Exists(link))
        {
            Directory.CreateDirectory(store.Root);
            Directory.CreateSymbolicLink(link, folder);
        }

        return path;
    }

    private static void Complete(string folder, JsonObject card)
    {
        card.Remove("self_test");
        Write(Path.Combine(folder, ClipModelFolder.CardFile), card);
        using var model = ClipModel.Open(folder);
        var sums = new JsonObject();
        foreach (var file in model.Card.Files.All().SelectMany(file => FileCheck.External(folder, file).Prepend(file.Path)).Distinct())
        {
            sums[file] = ModelChecksums.Of(Path.Combine(folder, file));
        }

        card["checksums"] = sums;
        card["self_test"] = JsonSerializer.SerializeToNode(SelfTest(model), CardReader.Format);
    }

    private static ClipSelfTest SelfTest(ClipModel model)
    {
        var texts = model.HasText ? model.EncodeTexts(Texts) : [];
        var images = model.HasImages
            ? model.EncodeImages([.. Colours.Select(static rgb => RgbImage.Filled(64, 64, (byte)rgb[0], (byte)rgb[1], (byte)rgb[2]))])
            : [];
        return new ClipSelfTest
        {
            Texts = [.. texts.Select(static (embedding, i) => new ClipTextCheck(Texts[i], embedding[..Head], ClipScoring.Norm(embedding)))],
            Images =
            [
                .. images.Select(static (embedding, i) => new ClipImageCheck(Colours[i], embedding[..Head], ClipScoring.Norm(embedding))),
            ],
            Cross = [.. images.Select(image => texts.Select(text => ClipScoring.Cosine(image, text)).ToArray())],
        };
    }

    private static void Restore(string path, string before)
    {
        if (before == "{}")
        {
            File.Delete(path);
        }
        else
        {
            WholeFile.Write(path, before + "\n");
        }
    }

    private static void Write(string path, JsonObject card)
    {
        WholeFile.Write(path, card.ToJsonString(CardReader.Format) + "\n");
    }
}
