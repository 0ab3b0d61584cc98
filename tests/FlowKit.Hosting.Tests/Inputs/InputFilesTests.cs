using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Hosting.Inputs;

public sealed class InputFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public InputFilesTests()
    {
        foreach (var name in new[] { "b.jpg", "a.jpg", "photos/c.jpg", "photos/deep/d.jpg", "photos/e.PNG", "notes.txt" })
        {
            _folder.Write(name, name);
        }
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> Find(params string[] patterns) => InputFiles.Find(patterns, _folder.Path).Paths;

    private FlowError Refuse(params string[] patterns) => Assert.Throws<FlowKitException>(() => Find(patterns)).Error;

    [Theory]
    [InlineData("*.jpg", "a.jpg b.jpg")]
    [InlineData("**/*.jpg", "a.jpg b.jpg photos/c.jpg photos/deep/d.jpg")]
    [InlineData("./photos/*", "photos/c.jpg photos/e.PNG")]
    [InlineData("photos/**", "photos/c.jpg photos/deep/d.jpg photos/e.PNG")]
    [InlineData("photos\\**\\*.jpg", "photos/c.jpg photos/deep/d.jpg")]
    [InlineData("?.jpg", "a.jpg b.jpg")]
    [InlineData("{a,b}.jpg", "a.jpg b.jpg")]
    [InlineData("photos/*.{jpg,PNG,gif}", "photos/c.jpg photos/e.PNG")]
    [InlineData("{*,photos/**/*}.jpg", "a.jpg b.jpg photos/c.jpg photos/deep/d.jpg")]
    [InlineData("{a,{b,nothing}*}.jpg|!photos", "a.jpg b.jpg")]
    [InlineData("**/*.jpg|!{a,b}.jpg", "photos/c.jpg photos/deep/d.jpg")]
    [InlineData("notes.txt|*.jpg|a.jpg", "a.jpg b.jpg notes.txt")]
    [InlineData("**/*.jpg|!a.jpg", "b.jpg photos/c.jpg photos/deep/d.jpg")]
    [InlineData("photos/**/*.jpg|!photos/deep/**", "photos/c.jpg")]
    [InlineData("**/*.jpg|!photos", "a.jpg b.jpg")]
    [InlineData("**/*|!**/*.jpg", "notes.txt photos/e.PNG")]
    public void Patterns_find_files_sorted_and_once(string patterns, string found) => Assert.Equal(found, string.Join(' ', Find(patterns.Split('|'))));

    [Theory]
    [InlineData("x.JPEG", "image/jpeg")]
    [InlineData("x.webp", "image/webp")]
    [InlineData("x.Tiff", "image/tiff")]
    [InlineData("x.ppm", "image/x-portable-anymap")]
    [InlineData("x.txt", "text/plain")]
    [InlineData("x.parquet", null)]
    [InlineData("x", null)]
    public async Task A_documents_media_type_is_that_of_its_files_name(string name, string? type)
    {
        _folder.Write(name, name);

        var document = await InputFiles.Find([name], _folder.Path).ReadAsync().FirstAsync();

        Assert.Equal(type, document.MimeType);
    }

    [Fact]
    public void An_absolute_pattern_starts_where_it_says()
    {
        Assert.Equal(["a.jpg", "b.jpg"], Find($"{_folder.Path}/*.jpg"));
        Assert.Equal(["a.jpg"], Find($"{_folder.Path}/a.jpg"));
        Assert.Equal([Path.Combine(_folder.Path, "a.jpg")], InputFiles.Find([Path.Combine(_folder.Path, "a.jpg")], Path.Combine(_folder.Path, "photos")).Paths);
    }

    [Fact]
    public void A_tilde_is_the_home_folder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        Assert.Contains($"{home}/no-such-folder-of-flowkit", Refuse("~/no-such-folder-of-flowkit/*.jpg").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Equal((FlowErrorCode.NotFound, $"inputs: the file '{Path.Combine(_folder.Path, "x.jpg")}' does not exist."), (Refuse("x.jpg").Code, Refuse("x.jpg").Message));
        Assert.Contains("'*.gif' matches no file under", Refuse("*.jpg", "*.gif").Message, StringComparison.Ordinal);
        Assert.Contains("that is not excluded", Refuse("*.jpg", "!*.jpg").Message, StringComparison.Ordinal);
        Assert.Contains("'photos/' is a folder; to take the files in it write 'photos/**/*'", Refuse("photos/").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_the_same_document_every_time()
    {
        var first = await InputFiles.Find(["photos/**"], _folder.Path).ReadAsync().ToListAsync();
        var second = await InputFiles.Find(["**/*"], _folder.Path).ReadAsync().ToListAsync();

        Assert.Equal(first.Select(document => document.Id), second.Where(document => document.Uri!.StartsWith("photos", StringComparison.Ordinal)).Select(document => document.Id));
        Assert.Equal(32, first[0].Id.Length);
        Assert.Equal(("photos/c.jpg", "image/jpeg", 12), (first[0].Uri, first[0].MimeType, first[0].Blob!.Value.Length));
        Assert.Equal("image/png", first[2].MimeType);
    }

    [Fact]
    public void The_fingerprint_changes_with_the_files()
    {
        var before = InputFiles.Find(["*.jpg"], _folder.Path).Fingerprint();
        Assert.Equal(before, InputFiles.Find(["*.jpg"], _folder.Path).Fingerprint());

        _folder.Write("a.jpg", "changed, and longer");
        var changed = InputFiles.Find(["*.jpg"], _folder.Path).Fingerprint();
        _folder.Write("z.jpg", "new");

        Assert.NotEqual(before, changed);
        Assert.NotEqual(changed, InputFiles.Find(["*.jpg"], _folder.Path).Fingerprint());
    }

    [Fact]
    public async Task A_file_that_vanishes_is_named()
    {
        var files = InputFiles.Find(["*.jpg"], _folder.Path);
        File.Delete(Path.Combine(_folder.Path, "a.jpg"));

        Assert.Contains("a.jpg' has vanished", Assert.Throws<FlowKitException>(files.Fingerprint).Message, StringComparison.Ordinal);
        Assert.Contains("a.jpg' cannot be read", (await Assert.ThrowsAsync<FlowKitException>(async () => await files.ReadAsync().ToListAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_among_the_files_is_refused_by_name_and_at_once()
    {
        using var folder = new TempFolder();
        SpecialFile.Pipe(Path.Combine(folder.Path, "a.jpg"));

        var refused = await Assert.ThrowsAsync<FlowKitException>(async () => await InputFiles.Find(["*.jpg"], folder.Path).ReadAsync().ToListAsync().AsTask().WithTimeout());

        Assert.StartsWith("inputs: the file 'a.jpg' cannot be read: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("is a named pipe and not a regular file", refused.Message, StringComparison.Ordinal);
    }
}
