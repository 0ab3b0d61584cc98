using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>Prints replies: <c>json</c> one array of documents, <c>jsonl</c> a document a line, <c>table</c> for people.</summary>
internal abstract class ReplyPrinter(TextWriter output)
{
    private static readonly JsonWireOptions s_options = new(ArrayFormat.List, SkipNulls: true);

    protected TextWriter Output { get; } = output;

    public static ReplyPrinter Create(string format, TextWriter output) => format switch
    {
        "json" => new JsonPrinter(output, lines: false),
        "jsonl" => new JsonPrinter(output, lines: true),
        _ => new TablePrinter(output),
    };

    /// <summary>Takes a reply.</summary>
    /// <returns>How many requests or documents failed in it.</returns>
    public int Add(DataRequest reply)
    {
        if (reply.Status is { Code: not 0 } status)
        {
            Report.Error(status.Message);
            return 1;
        }

        if (reply.Parameters.Values.TryGetPropertyValue(Parameters.ResultsKey, out var results) && results is not null)
        {
            Output.WriteLine(results.ToJsonString());
        }

        var failed = 0;
        foreach (var document in reply.Documents)
        {
            if (document.Error is { } error)
            {
                Report.Error($"{document.Uri ?? document.Id}: {error.Message}");
                failed++;
            }

            Print(document);
        }

        return failed;
    }

    /// <summary>Prints what is left.</summary>
    public virtual void Finish()
    {
    }

    protected abstract void Print(Document document);

    protected static string ToJson(Document document)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            DocumentJsonWriter.Write(writer, document, s_options);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class JsonPrinter(TextWriter output, bool lines) : ReplyPrinter(output)
    {
        private int _count;

        public override void Finish()
        {
            if (!lines)
            {
                Output.WriteLine(_count == 0 ? "[]" : "]");
            }
        }

        protected override void Print(Document document)
        {
            if (!lines)
            {
                Output.Write(_count == 0 ? "[" : ",\n ");
            }

            Output.Write(ToJson(document));
            _count++;
            if (lines)
            {
                Output.WriteLine();
            }
        }
    }

    private sealed class TablePrinter(TextWriter output) : ReplyPrinter(output)
    {
        /// <summary>A thousand indexed files are a number, not a table.</summary>
        private const int MaxWithoutMatches = 20;

        private readonly Table _table = new Table().Border(TableBorder.Rounded).AddColumns("Document", "Match", "Score");
        private readonly List<string> _plain = [];
        private int _without;

        public override void Finish()
        {
            if (_without > MaxWithoutMatches)
            {
                Row($"… and {_without - MaxWithoutMatches} more", "", "");
            }

            if (Console.IsOutputRedirected)
            {
                _plain.ForEach(Output.WriteLine);
            }
            else if (_table.Rows.Count > 0)
            {
                AnsiConsole.Write(_table);
            }
        }

        protected override void Print(Document document)
        {
            var label = document.Text ?? document.Uri ?? document.Id;
            if (!document.HasMatches && ++_without <= MaxWithoutMatches)
            {
                Row(label, "", "");
            }

            foreach (var match in document.Matches)
            {
                var score = match.HasScores ? match.Scores.GetValueOrDefault("clip_score_cosine")
                    ?? match.Scores.GetValueOrDefault("cosine")
                    ?? match.Scores.Values.First() : null;
                Row(label, match.Uri ?? match.Text ?? match.Id, score?.Value.ToString("0.0000", CultureInfo.InvariantCulture) ?? "");
            }
        }

        private void Row(string document, string match, string score)
        {
            (document, match) = (ControlCharacters.Replace(document), ControlCharacters.Replace(match));
            _table.AddRow(Markup.Escape(document), Markup.Escape(match), score);
            _plain.Add($"{document}\t{match}\t{score}");
        }
    }
}
