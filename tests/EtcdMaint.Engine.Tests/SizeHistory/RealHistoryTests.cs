using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Forecasts;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Engine.Tests.SizeHistory;

/// <summary>Runs on a real cluster are recorded with the real sizes and revisions.</summary>
[Trait("Kind", "Real")]
public sealed class RealHistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-history-").FullName;

    [Fact]
    public async Task Two_runs_and_a_status_are_recorded_and_too_few_for_a_forecast()
    {
        await using RealCluster real = await RunbookScenario.StartAsync(quota: null);
        var history = HistoryStore.At(_folder, isPlan: false);
        var reports = new List<EtcdMaintenanceReport>();
        for (int run = 0; run < 2; run++)
        {
            var recorder = new RunRecorder();
            await real.Cluster.MaintainAsync(
                RunbookScenario.Request,
                new HistoryObserver(history, recorder, TimeProvider.System),
                TestContext.Current.CancellationToken
            );
            reports.Add(recorder.Report());
        }
        var status = new HistoryObserver(history, new RunRecorder(), TimeProvider.System);
        await real.Cluster.GetStatusAsync(null, RealCluster.Timeout, status, TestContext.Current.CancellationToken);
        status.AppendStatus();

        string file = Assert.Single(HistoryStore.Files(_folder));
        (IReadOnlyList<HistoryRecord> records, int damaged) = HistoryFileReader.Read(file);
        Assert.Equal((3, 0), (records.Count, damaged));
        Assert.Equal(reports.Select(report => $"{report.Status}"), records.Take(2).Select(record => record.Status));
        Assert.All(records, record => Assert.Equal(3, record.Member.Count));
        Assert.All(records.Take(2), record => Assert.NotNull(record.CompactRevision));
        Assert.Equal(reports[0].Before.Select(m => m.DbSize), records[0].Member.Select(m => (long?)m.DbSize));

        EtcdForecast forecast = Assert.Single(ForecastPolicy.Create(records, ForecastPolicy.DefaultHorizonDays));
        Assert.Equal(EtcdGrowthPattern.TooShort, forecast.Pattern);
        Assert.Equal(reports[0].ClusterId, forecast.ClusterId);
        Assert.NotNull(forecast.QuotaBytes);
        Assert.Null(forecast.DaysToQuotaByFile);

        // A process that was killed while it appended the last line leaves a history that can be read.
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        int last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (int length = last; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole[..length], TestContext.Current.CancellationToken);
            Assert.InRange(HistoryFileReader.Read(file).Records.Count, 2, length < whole.Length - 1 ? 2 : 3);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
