using System.Text.Json;
using FlowKit.VectorStores;
using FlowKit.VectorStores.Words;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>
/// The words of documents in SQLite's FTS5 (https://sqlite.org/fts5.html), beside their rows and in the same transactions. It keeps which
/// row has which words and no text, and is made anew from the rows wherever it is of other fields.
/// </summary>
internal sealed class WordTable
{
    /// <summary>The fields of an index that nobody has chosen any for.</summary>
    public static readonly IReadOnlyList<string> DefaultFields = ["text"];

    private readonly SqliteFile _file;
    private readonly WordFields _fields;

    private WordTable(SqliteFile file, WordFields fields) => (_file, _fields) = (file, fields);

    /// <summary>The words of a document as they are written.</summary>
    public string TextOf(Document document) => _fields.TextOf(document);

    /// <summary>Opens the words of a file; <see langword="null"/> where it has none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="access">The way in which it is open: one that is only read has what was written before.</param>
    /// <param name="wanted">The fields; <see langword="null"/> for those that the file has, or <c>text</c> in a new one.</param>
    public static WordTable? Open(SqliteFile file, SqliteAccess access, IReadOnlyList<string>? wanted)
    {
        var kept = IndexMeta.ReadWordFields(file);
        if (access == SqliteAccess.Read)
        {
            return kept is { Count: > 0 } && (wanted is null || wanted.SequenceEqual(kept)) ? Of(file, kept) : null;
        }

        wanted ??= kept ?? DefaultFields;
        if (kept is null || !kept.SequenceEqual(wanted))
        {
            using var transaction = file.BeginWriting();
            Make(file, wanted);
            transaction.Commit();
        }

        return wanted.Count == 0 ? null : Of(file, wanted);
    }

    /// <summary>Makes the table anew from the rows, within the caller's transaction.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fields">The fields; none for no table.</param>
    public static void Make(SqliteFile file, IReadOnlyList<string> fields)
    {
        file.Execute("DROP TABLE IF EXISTS main.words");
        if (fields.Count > 0)
        {
            var words = Of(file, fields);
            file.AddFunction("words_of", words.TextOf);
            file.Execute(
                "CREATE VIRTUAL TABLE main.words USING fts5"
                + "(text, content = '', contentless_delete = 1, tokenize = \"unicode61 remove_diacritics 2\")");
            file.Execute(
                "INSERT INTO main.words (rowid, text)"
                + " SELECT row, words FROM (SELECT row, words_of(document) AS words FROM main.rows) WHERE words <> ''");
        }

        IndexMeta.WriteWordFields(file, fields);
    }

    /// <summary>A statement for <see cref="Set"/>.</summary>
    public SqliteCommand PrepareSet() =>
        _file.Command("INSERT OR REPLACE INTO words (rowid, text) VALUES ($row, $text)", ("$row", 0), ("$text", ""));

    /// <summary>A statement for <see cref="Remove"/>.</summary>
    public SqliteCommand PrepareRemove() => _file.Command("DELETE FROM words WHERE rowid = $row", ("$row", 0));

    /// <summary>Writes the words of a row, within the caller's transaction.</summary>
    public static void Set(SqliteCommand set, SqliteCommand remove, IndexRow row)
    {
        // A row without words would count among those whose words are compared.
        if (row.Words.Length == 0)
        {
            Remove(remove, row.Row);
            return;
        }

        set.Parameters["$row"].Value = row.Row;
        set.Parameters["$text"].Value = row.Words;
        set.ExecuteNonQuery();
    }

    /// <summary>Removes the words of a row, within the caller's transaction.</summary>
    public static void Remove(SqliteCommand remove, int row)
    {
        remove.Parameters["$row"].Value = row;
        remove.ExecuteNonQuery();
    }

    /// <summary>Removes the words of all rows, within the caller's transaction.</summary>
    public void Clear() => _file.Execute("INSERT INTO words (words) VALUES ('delete-all')");

    /// <summary>A plain text as a query of FTS5 for any of its words; <see langword="null"/> where it has none.</summary>
    /// <exception cref="FlowKitException">It has too many.</exception>
    public static string? QueryOf(string text)
    {
        // Between quotation marks, which no word has in it, nothing is an operator.
        var words = PlainWords.Of(text);
        return words.Count == 0 ? null : string.Join(" OR ", words.Select(word => $"\"{word}\""));
    }

    private static WordTable Of(SqliteFile file, IReadOnlyList<string> fields) => new(file, WordFields.Parse(fields));

    /// <summary>The words of a stored document; none of one that cannot be read, which searches leave out.</summary>
    private string TextOf(byte[] document)
    {
        try
        {
            return TextOf(StoredDocument.Read(document));
        }
        catch (Exception exception) when (exception is JsonException or FlowKitException or InvalidOperationException or FormatException)
        {
            return "";
        }
    }
}
