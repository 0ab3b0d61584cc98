using System.Text.RegularExpressions;
using FlowKit.Specs.Browsers;
using FlowKit.Specs.Running;
using Microsoft.Playwright;

namespace FlowKit.Specs;

/// <summary>The page in a real Chromium.</summary>
public sealed partial class PageSpecs(ImageSearch search) : IClassFixture<ImageSearch>, IAsyncLifetime
{
    private Chromium? _chromium;

    public async Task InitializeAsync() => _chromium = ChromiumFactAttribute.ExecutablePath is null ? null : await Chromium.StartAsync();

    public Task DisposeAsync() => _chromium?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    [ChromiumFact]
    public async Task Typed_words_give_a_grid_with_the_right_picture_first()
    {
        var page = await OpenAsync("/");
        await page.FillAsync("#query", "red apple");
        await page.ClickAsync("#search button[type=submit]");
        await page.WaitForSelectorAsync("#results li");

        Assert.Equal("red-apple.jpg", await page.TextContentAsync("#results li:first-child .name"));
        Assert.Matches(@"^0\.\d{3}$", await page.TextContentAsync("#results li:first-child .score"));
        Assert.Equal(24, await page.Locator("#results li").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => { const image = document.querySelector('#results img'); return image.complete && image.naturalWidth > 0; }"));
        await SaveAsync(page, "search");
    }

    [ChromiumFact]
    public async Task A_dropped_picture_finds_its_likes()
    {
        var page = await OpenAsync("/");
        var bytes = Convert.ToBase64String(await File.ReadAllBytesAsync(Repository.At("flows", "image-search", "pictures", "airplane.jpg")));
        var transfer = await page.EvaluateHandleAsync(
            "base64 => { const data = new DataTransfer(); const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0)); data.items.add(new File([bytes], 'mine.jpg', { type: 'image/jpeg' })); return data; }", bytes);

        await page.DispatchEventAsync("body", "drop", new { dataTransfer = transfer });
        await page.WaitForSelectorAsync("#results li");

        Assert.Equal("airplane.jpg", await page.TextContentAsync("#results li:first-child .name"));
        Assert.Contains("mine.jpg", await page.TextContentAsync("#message"), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task A_click_on_a_result_searches_with_it()
    {
        var page = await OpenAsync("/");
        await page.FillAsync("#query", "blue triangle");
        await page.PressAsync("#query", "Enter");
        await page.ClickAsync("#results li:first-child .picture");
        await page.WaitForFunctionAsync("() => document.querySelector('#message').textContent.includes('blue-triangle.jpg')");

        Assert.Equal("blue-triangle.jpg", await page.TextContentAsync("#results li:first-child .name"));
    }

    [ChromiumFact]
    public async Task A_file_that_is_no_picture_is_explained()
    {
        var page = await OpenAsync("/");

        await page.SetInputFilesAsync("#file", new FilePayload { Name = "note.jpg", MimeType = "image/jpeg", Buffer = "only words"u8.ToArray() });
        await page.WaitForSelectorAsync("#message.error");

        Assert.Contains("not an image", await page.TextContentAsync("#message"), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task The_API_page_lists_the_routes_and_tries_them()
    {
        var page = await OpenAsync("/docs");
        await page.WaitForSelectorAsync("details");
        var search = page.Locator("details", new PageLocatorOptions { Has = page.Locator("summary", new PageLocatorOptions { HasTextRegex = SearchRoute() }) });
        await search.Locator("summary").ClickAsync();
        await search.Locator("button").ClickAsync();
        await search.Locator("pre").WaitForAsync();

        Assert.Contains("HTTP 200", await search.Locator("pre").TextContentAsync(), StringComparison.Ordinal);
        await SaveAsync(page, "docs");
    }

    [GeneratedRegex(@"POST\s*/search\b")]
    private static partial Regex SearchRoute();

    private async Task<IPage> OpenAsync(string path)
    {
        var page = await _chromium!.Browser.NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        await page.GotoAsync(search.Flow.Address.TrimEnd('/') + path);
        return page;
    }

    private static Task SaveAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.At("artifacts", "screenshots", $"{name}.png") });
}
