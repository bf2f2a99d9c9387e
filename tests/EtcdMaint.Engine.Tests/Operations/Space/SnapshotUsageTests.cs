using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Properties;
using EtcdMaint.Snapshot.Tests.Fixtures;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>What the space usage says of snapshot files whose writes are known.</summary>
public sealed class SnapshotUsageTests : IDisposable
{
    private readonly WrittenSnapshot _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The copy of a database has no checksum.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Overwrites_and_deletions_are_counted_where_they_were_made(bool hasChecksum)
    {
        _file
            .Put("/registry/pods/web/a", 100)
            .Put("/registry/pods/web/a", 200)
            .Put("/registry/pods/web/a", 300)
            .Put("/registry/pods/web/b", 50)
            .Delete("/registry/pods/web/b")
            .Put("/registry/events/web/e", 1000)
            .Delete("/registry/events/web/e")
            .Put("/registry/minions/n", 10)
            .Put("compact_rev_key", 1)
            .Put("compact_rev_key", 2);
        const int Key = 20; // "/registry/pods/web/a"
        const int Event = 22;
        _file.Save(hasChecksum: hasChecksum);
        RunRecorder run = Read(_file, "", null);

        Assert.Equal(
            [
                ("/registry/pods/web/", "pods", "web", 1, Key + 300L, 5L, Key + 100L + Key + 200 + Key + 50 + Key),
                ("/registry/minions/", "nodes", null, 1, 19 + 10, 1, 0),
                ("compact_rev_key", null, null, 1, 15 + 2, 2, 15 + 1),
                ("/registry/events/web/", "events", "web", 0, 0, 2, Event + 1000 + Event),
            ],
            run.Rows<EtcdSpaceUsage>()
                .Select(r =>
                    (
                        r.Prefix,
                        r.Resource,
                        r.Namespace,
                        r.KeyCount,
                        r.Bytes!.Value,
                        r.Revisions!.Value,
                        r.DeadBytes!.Value
                    )
                )
        );
        EtcdSpaceUsage first = run.Rows<EtcdSpaceUsage>()[0];
        Assert.Equal(("etcd.db", null, _file.FilePath), (first.ClusterName, first.ClusterId, first.SnapshotPath));
        Assert.Equal(("/registry/pods/web/a", 320), (first.LargestKey, first.LargestBytes));
        Assert.Equal("kubectl get pods --namespace web", first.Command);
        Assert.Equal((true, 0.0), (first.BytesAreExact, first.BytesErrorRatio));
        Assert.Null(first.WritesPerSecond);
        Assert.Equal(1, run.Rows<EtcdSpaceUsage>().Sum(row => row.Share!.Value), 6);
        Assert.Contains("3 keys in 4 groups", run.Story, StringComparison.Ordinal);
        Assert.Contains(" in 7 revisions", run.Story, StringComparison.Ordinal);
        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
    }

    /// <summary>The same keys in the memory of a simulated member are the truth about the groups.</summary>
    [Fact]
    public Task A_file_has_the_groups_of_the_cluster_and_the_history_of_their_keys() =>
        Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            40,
            seed => CheckAsync(seed).GetAwaiter().GetResult()
        );

    private static async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        var sets = new KeySets(random);
        string[] keys = [.. sets.Next().Distinct()];
        using var file = new WrittenSnapshot();
        foreach (string key in keys)
            file.Put(key, random.Next(40));
        for (int i = 0; i < Math.Min(keys.Length, 300); i++)
        {
            string key = keys[random.Next(keys.Length)];
            // The keys that show the prefix of an API server stay.
            if (random.Next(3) > 0 || key.Contains("s/", StringComparison.Ordinal))
                file.Put(key, random.Next(40));
            else
                file.Delete(key);
        }
        string prefix = sets.Prefix(keys);
        int? depth = sets.Depth();
        GroupDiscovery live = await SpaceReads.DiscoverAsync(
            SpaceReads.ReaderOf(new MemoryMember(new MemoryKeys(file.Live.Select(k => new KeySize(k.Key, k.Value))))),
            prefix,
            depth
        );

        file.Save();
        // A prefix is written by the user as text, and some of these are none.
        if (KeySpan.Key(KeySpan.Text(prefix)) != prefix)
            return;
        RunRecorder run = Read(file, KeySpan.Text(prefix), depth);
        Assert.Equal(
            file.Live.Keys.Concat(file.Dead.Keys)
                .Distinct()
                .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                .GroupBy(live.GroupOf)
                .Select(group => Truth(file, live.Layout, group.Key, [.. group]))
                .OrderBy(row => row.ToString(), StringComparer.Ordinal),
            run.Rows<EtcdSpaceUsage>()
                .Select(r => (r.Prefix, r.KeyCount, r.Bytes!.Value, r.Revisions!.Value, r.DeadBytes!.Value))
                .OrderBy(row => row.ToString(), StringComparer.Ordinal)
        );
        Assert.Empty(run.Errors);
    }

    private static (string Prefix, long Keys, long Bytes, long Revisions, long DeadBytes) Truth(
        WrittenSnapshot file,
        KeyLayout layout,
        string prefix,
        string[] keys
    )
    {
        string shown = keys is [var only] && layout.PrefixAt(only, 1) is null ? only : prefix;
        long live = keys.Count(file.Live.ContainsKey);
        var dead = keys.Select(key => file.Dead.GetValueOrDefault(key)).ToArray();
        return (
            PlainText.Of(KeySpan.Text(shown)),
            live,
            keys.Sum(key => (long)file.Live.GetValueOrDefault(key)),
            live + dead.Sum(key => key.Revisions),
            dead.Sum(key => key.Bytes)
        );
    }

    /// <summary>The file is read again with the prefix that the first pass found.</summary>
    [Theory]
    [InlineData("", "/tenant-1/pods/web/", "pods")]
    [InlineData("/tenant-1/pods/", "/tenant-1/pods/web/", "pods")]
    [InlineData("/tenant-1/", "/tenant-1/pods/web/", "pods")]
    public void The_prefix_of_another_API_server_is_found(string prefix, string expected, string resource)
    {
        _file
            .Put("/tenant-1/namespaces/web", 10)
            .Put("/tenant-1/serviceaccounts/web/default", 10)
            .Put("/tenant-1/pods/web/a", 1000)
            .Put("/tenant-1/pods/web/a", 2000)
            .Put("/other/pods/web/a", 5);
        EtcdSpaceUsage row = Read(prefix).Rows<EtcdSpaceUsage>()[0];
        Assert.Equal((expected, resource, 2, 1020), (row.Prefix, row.Resource, row.Revisions, row.DeadBytes));
    }

    [Fact]
    public void Deleted_namespaces_are_no_sign_of_an_API_server()
    {
        _file
            .Put("/tenant-1/namespaces/web", 10)
            .Delete("/tenant-1/namespaces/web")
            .Put("/tenant-1/serviceaccounts/web/default", 10);
        EtcdSpaceUsage row = Assert.Single(Read().Rows<EtcdSpaceUsage>());
        Assert.Equal(("/tenant-1/", null), (row.Prefix, row.Resource));
    }

    [Theory]
    [InlineData("/nothing/", "PrefixMatchesNothing: No key of etcd.db begins with '/nothing/'.")]
    public void A_prefix_without_keys_is_a_warning(string prefix, string warning)
    {
        _file.Put("/registry/pods/web/a", 1);
        RunRecorder run = Read(prefix);
        Assert.Empty(run.Rows<EtcdSpaceUsage>());
        Assert.Equal([warning], run.Warnings);
    }

    [Fact]
    public void A_damaged_file_gives_the_rows_that_could_be_read_and_then_an_error()
    {
        for (int i = 0; i < 2000; i++)
            _file.Put($"/registry/pods/web/{i:d4}", 200);
        _file.Save(image => image.At(image.Of(BoltPage.Leaf)[3]).Clear());
        var run = new RunRecorder();
        EtcdException error = Assert.Throws<EtcdException>(() => Read(_file.FilePath, run));

        Assert.Equal(("SnapshotFileDamaged", EtcdErrorCategory.InvalidData), (error.ErrorId, error.Category));
        Assert.StartsWith(
            $"{_file.FilePath} is damaged, so the rows can be incomplete: ",
            error.Message,
            StringComparison.Ordinal
        );
        EtcdSpaceUsage row = Assert.Single(run.Rows<EtcdSpaceUsage>());
        Assert.InRange(row.KeyCount, 1900, 1999);
        Assert.Equal((false, (double?)null), (row.BytesAreExact, row.BytesErrorRatio));
    }

    [Fact]
    public void Other_files_give_one_error_and_no_rows()
    {
        string path = Path.Combine(_file.FolderPath, "notes.txt");
        File.WriteAllText(path, new string('x', 20_000));
        Assert.Equal("SnapshotFileDamaged", ErrorOf(path));
        File.WriteAllText(path, "");
        Assert.Equal("SnapshotFileDamaged", ErrorOf(path));
        Assert.Equal("SnapshotNotFound", ErrorOf(Path.Combine(_file.FolderPath, "no.db")));
        Assert.Equal("SnapshotNotRegularFile", ErrorOf(_file.FolderPath));
    }

    [Fact]
    public void A_stopped_run_emits_what_it_has_read()
    {
        for (int i = 0; i < 5000; i++)
            _file.Put($"/registry/pods/web/{i:d4}", 200);
        _file.Save();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = new RunRecorder();
        var stopping = new StoppingObserver(run, stop, at: 0.3);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new SnapshotUsageRun(new SnapshotUsageRequest { Path = _file.FilePath }, stopping).Run(stop.Token)
        );
        EtcdSpaceUsage row = Assert.Single(run.Rows<EtcdSpaceUsage>());
        Assert.InRange(row.KeyCount, 500, 4500);
        Assert.False(row.BytesAreExact);
    }

    public void Dispose() => _file.Dispose();

    private static string ErrorOf(string path)
    {
        var run = new RunRecorder();
        EtcdException error = Assert.Throws<EtcdException>(() => Read(path, run));
        Assert.Empty(run.Rows<EtcdSpaceUsage>());
        Assert.Empty(run.Warnings);
        return error.ErrorId;
    }

    private RunRecorder Read(string prefix = "")
    {
        _file.Save();
        return Read(_file, prefix, null);
    }

    private static RunRecorder Read(WrittenSnapshot file, string prefix, int? depth)
    {
        var run = new RunRecorder();
        Read(file.FilePath, run, prefix, depth);
        return run;
    }

    private static void Read(string path, RunRecorder run, string prefix = "", int? depth = null) =>
        new SnapshotUsageRun(
            new SnapshotUsageRequest
            {
                Path = path,
                Prefix = prefix,
                Depth = depth,
            },
            run
        ).Run(Cancellation);

    /// <summary>Presses Ctrl+C when the progress has reached a fraction.</summary>
    private sealed class StoppingObserver(RunRecorder next, CancellationTokenSource stop, double at) : IRunObserver
    {
        public void Emit(object row) => next.Emit(row);

        public void ReportError(EtcdException error) => next.ReportError(error);

        public void Warn(string message) => next.Warn(message);

        public void LogVerbose(string message) => next.LogVerbose(message);

        public void Report(RunProgress progress)
        {
            if (progress.Fraction >= at)
                stop.Cancel();
        }

        public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);
    }
}
