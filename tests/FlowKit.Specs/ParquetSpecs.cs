using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using Parquet;
using Parquet.Schema;

namespace FlowKit.Specs;

/// <summary><c>flowkit index import</c> with Parquet files that other programs wrote: other columns, kinds and mistakes.</summary>
public sealed class ParquetSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Columns_of_plain_values_become_tags_and_lists_are_passed_over()
    {
        var file = await WriteAsync<double>(
            ["a", "b"],
            [1, 2, 3, 4],
            [true, null],
            [7, -1],
            """{"year": 1999, "none": null}""");

        var told = await ImportAsync(0, file, "--model", "m@1");
        Assert.Contains("2 documents are added", told, StringComparison.Ordinal);
        Assert.Contains("words", told, StringComparison.Ordinal);
        var output = Path.Combine(_folder.Path, "out.jsonl");
        Assert.Equal(0, (await FlowKitCommand.RunAsync("index", "export", Path.Combine(_folder.Path, "index"), output)).ExitCode);
        var lines = File.ReadAllLines(output);
        Assert.Contains("\"sold\":true", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"size\":7", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"year\":1999", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"taken\":\"2020-02-03T04:05:06", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("sold", lines[1], StringComparison.Ordinal);
        Assert.Contains("m@1", lines[1], StringComparison.Ordinal);
    }

    /// <summary>
    /// The file is Arrow's (C++, 25.0.1), as pandas and pyarrow write theirs: two row groups, pages of 200 bytes, dictionaries, Snappy.
    /// </summary>
    [Fact]
    public async Task A_file_that_Arrow_wrote_is_read_whole()
    {
        var told = await ImportAsync(0, Repository.At("tests", "testdata", "parquet", "arrow-cpp.parquet"));
        Assert.Contains("40 documents are added", told, StringComparison.Ordinal);
        var output = Path.Combine(_folder.Path, "out.jsonl");
        Assert.Equal(0, (await FlowKitCommand.RunAsync("index", "export", Path.Combine(_folder.Path, "index"), output)).ExitCode);
        var documents = File.ReadAllLines(output).Select(line => JsonNode.Parse(line)!).OrderBy(document => (string)document["id"]!, StringComparer.Ordinal).ToList();
        Assert.Equal(40, documents.Count);
        for (var i = 0; i < documents.Count; i++)
        {
            var (document, tags) = (documents[i], documents[i]["tags"]!);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"photo-{i:00}"), (string?)document["id"]);
            Assert.Equal([1f, i / 10f, 0.5f, -i], MemoryMarshal.Cast<byte, float>(Convert.FromBase64String((string)document["embedding"]!["buffer"]!)).ToArray());
            Assert.Equal(i % 4 == 3 ? null : 2000 + i, (int?)tags["year"]);
            var city = i % 2 == 0 ? "Oslo" : "Tromsø";
            Assert.Equal(i % 5 == 4 ? null : city, (string?)tags["city"]);
            Assert.Equal((i * 1.5, i % 3 == 0), ((double)tags["price"]!, (bool)tags["sold"]!));
            Assert.StartsWith(
                new DateTime(2026, 1, 1).AddHours(i).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture), (string)tags["taken"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mistakes_are_named_with_their_row()
    {
        Assert.Contains(
            "the id 'a' of row 1 is that of row 0 too",
            await ImportAsync(1, await WriteAsync<float>(["a", "a"], [1, 2, 3, 4], [true, false], [1, 2], "{}")),
            StringComparison.Ordinal);
        Assert.Contains(
            "tags: '[1]' is no object of JSON",
            await ImportAsync(1, await WriteAsync<float>(["a", "b"], [1, 2, 3, 4], [true, false], [1, 2], "[1]")),
            StringComparison.Ordinal);
        Assert.Contains(
            "it has no column 'embedding' of lists of float or double; its columns are",
            await ImportAsync(1, await WriteAsync<long>(["a", "b"], [1, 2, 3, 4], [true, false], [1, 2], "{}")),
            StringComparison.Ordinal);
    }

    private async Task<string> ImportAsync(int exitCode, string file, params string[] more)
    {
        var result = await FlowKitCommand.RunAsync(["index", "import", Path.Combine(_folder.Path, "index"), file, .. more]);
        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode}\n{result.Output}{result.Errors}");
        return result.Output + result.Errors;
    }

    /// <summary>Writes two rows with embeddings of two numbers.</summary>
    private async Task<string> WriteAsync<T>(string[] ids, T[] embeddings, bool?[] sold, int[] sizes, string tags)
        where T : struct
    {
        var (id, own, isSold, size) = (new DataField<string>("id", false), new DataField<string>("tags", true), new DataField<bool?>("sold"), new DataField<int>("size"));
        var taken = new DataField<DateTime>("taken");
        var words = new ListField("words", new DataField<int>("element", false));
        var embedding = new ListField("embedding", new DataField<T>("element", false));
        var schema = new ParquetSchema(id, own, isSold, size, taken, words, embedding);
        var path = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.parquet");
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        using var rows = writer.CreateRowGroup();
        var fields = schema.DataFields;
        await rows.WriteAsync(fields[0], ids);
        await rows.WriteAsync(fields[1], [tags, null!]);
        await rows.WriteAsync<bool>(fields[2], sold.AsMemory());
        await rows.WriteAsync<int>(fields[3], sizes.AsMemory());
        await rows.WriteAsync<DateTime>(fields[4], new[] { new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc), new DateTime(2021, 2, 3, 0, 0, 0, DateTimeKind.Utc) }.AsMemory());
        await WriteListsAsync(rows, fields[5], [1, 2, 3, 4]);
        await WriteListsAsync(rows, fields[6], embeddings);
        return path;
    }

    private static async Task WriteListsAsync<T>(ParquetRowGroupWriter rows, DataField field, T[] values)
        where T : struct =>
        await rows.WriteAllPartsAsync<T>(
            field, values, new[] { field.MaxDefinitionLevel, field.MaxDefinitionLevel, field.MaxDefinitionLevel, field.MaxDefinitionLevel }, new[] { 0, field.MaxRepetitionLevel, 0, field.MaxRepetitionLevel }, CancellationToken.None);
}
