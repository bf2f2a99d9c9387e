namespace EtcdMaint.Engine.Safety;

/// <summary>
/// Every threshold that decides something in Safety, Operations and Runbook, with its reason. A value without a source
/// is a decision of this project. Facts about releases and file formats are next to the code that uses them.
/// <c>docs/design/thresholds.md</c> shows the same table.
/// </summary>
internal static class Limits
{
    /// <summary>When a gate is closed, and how long a run waits until it opens.</summary>
    internal static class Gates
    {
        /// <summary>Interval between two checks of a closed gate.</summary>
        public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

        /// <summary>
        /// Longest wait for a defragmentation or a snapshot of another client. A member that defragments 100 GB at 10
        /// s/GB has finished by then.
        /// </summary>
        public static readonly TimeSpan WorkWait = TimeSpan.FromMinutes(30);

        /// <summary>
        /// Longest wait before the first member for a gate that opens within seconds. Before a run, a member has no
        /// reason to be restarting or far behind.
        /// </summary>
        public static readonly TimeSpan WaitBeforeRun = TimeSpan.FromSeconds(5);

        /// <summary>
        /// The same wait before each member. An election, an apply backlog or a restart is over by then.
        /// </summary>
        public static readonly TimeSpan WaitWithinRun = TimeSpan.FromSeconds(30);

        /// <summary>The same wait of a health check of the runbook. An election or a restart is over by then.</summary>
        public static readonly TimeSpan WaitInRunbook = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Entries that a voter may have left to apply. etcd refuses proposals from 5,000 on
        /// (maxGapBetweenApplyAndCommitIndex). A healthy member under load is some dozens behind.
        /// </summary>
        public const ulong ApplyLag = 200;

        /// <summary>
        /// Entries by which a voter's committed index may be behind that of the leader. The two values are not read at
        /// the same moment.
        /// </summary>
        public const ulong CommitLag = 2000;

        /// <summary>Time to read the metrics of all voters.</summary>
        public static readonly TimeSpan MetricsTime = TimeSpan.FromSeconds(3);

        /// <summary>
        /// Bytes that must remain beyond the second file. With less, etcd is about to fail with or without a
        /// defragmentation.
        /// </summary>
        public const long DiskReserve = 100L * 1000 * 1000;

        /// <summary>
        /// Space for the second file, as a multiple of the bytes in use. The new file is about as large as these bytes.
        /// </summary>
        public const double CopyFactor = 1.1;

        /// <summary>
        /// The same multiple if the member accepts writes while it copies its data (NonBlockingDefrag). The copy holds
        /// a read transaction, so the old file cannot reuse pages that become free and grows with each write, and the
        /// new file receives the same writes at the end. At the slow end of 10 s/GB, 45 MB of writes per second add
        /// 0.45 of the bytes in use to each file. [inferred] The growth was not measured on a real server.
        /// </summary>
        public const double NonBlockingCopyFactor = 2;

        /// <summary>Time to read the free disk space.</summary>
        public static readonly TimeSpan DiskTime = TimeSpan.FromSeconds(10);

        /// <summary>
        /// Share of the probe budget that a predicted pause may use. A pause can take twice as long as predicted.
        /// </summary>
        public const double ProbeBudgetShare = 0.5;
    }

    /// <summary>The locks against a second run.</summary>
    internal static class Locks
    {
        /// <summary>Time for one lock call to one voter.</summary>
        public static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5);

        /// <summary>Bytes that are read of a lock. A holder needs far less.</summary>
        public const int HolderBytes = 4096;

        /// <summary>
        /// Time by which a process must have started after a run to be another process with the same ID. The clock may
        /// have been adjusted meanwhile.
        /// </summary>
        public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

        /// <summary>
        /// Time to live of the lock, as a multiple of the longest predicted pause. A pause can take twice as long as
        /// predicted.
        /// </summary>
        public const int PausesInTimeToLive = 2;

        /// <summary>Shortest time to live of the lock.</summary>
        public static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(60);

        /// <summary>
        /// Renewals of the lock within its time to live, so that a failed renewal is followed by others in time.
        /// </summary>
        public const int RenewalsInTimeToLive = 3;

        /// <summary>Interval between two reads of another run's lock.</summary>
        public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

        /// <summary>Time for a later run to release its key, or for a faster run to add its name.</summary>
        public static readonly TimeSpan StepBackTime = TimeSpan.FromSeconds(15);

        /// <summary>
        /// Longest observation of another run's lock, in times to live. After that, the other run counts as alive.
        /// </summary>
        public const int WatchedTimesToLive = 5;

        /// <summary>Time to live of a role lock without a holder. Only one call separates the two roles.</summary>
        public static readonly TimeSpan GateTimeToLive = TimeSpan.FromSeconds(60);
    }

    /// <summary>One defragmentation and the checks around it.</summary>
    internal static class Defrag
    {
        /// <summary>
        /// Part of the predicted pause that does not depend on the size. [inferred] It is the whole pause of a member
        /// with NonBlockingDefrag, for which no figures have been published.
        /// </summary>
        public static readonly TimeSpan BaseDuration = TimeSpan.FromMilliseconds(50);

        /// <summary>
        /// Predicted seconds for each byte in use of the first member. 2.5 to 10 s per GB were reported; the run starts
        /// with the slow end.
        /// </summary>
        public const double SlowSecondsPerByte = 10.0 / 1e9;

        /// <summary>
        /// Bytes in use from which a member counts for the rate. With less data, the fixed time hides the rate.
        /// </summary>
        public const long LearnableBytes = 1_000_000;

        /// <summary>
        /// Time limit of one defragmentation, as a multiple of the prediction with the slow rate. The state of the
        /// member counts as unknown afterwards.
        /// </summary>
        public const int TimeLimitFactor = 3;

        /// <summary>Shortest time limit of one defragmentation.</summary>
        public static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(60);

        /// <summary>
        /// Predicted pause from which leadership is moved first. While the leader is unavailable, no lease is renewed
        /// on any member; moving leadership delays leases by some tenths of a second and can make a few writes retry.
        /// Measured on 3.5.30 with 400 MB in use: no clear difference for writes, so leadership moves only where short
        /// leases would expire.
        /// </summary>
        public static readonly TimeSpan LeaderMoveThreshold = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Age of figures that are read again before the request is sent. A confirmation or a rule may have taken long.
        /// </summary>
        public static readonly TimeSpan MaximumStateAge = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Final checks of one member. Each follows open gates, so the cluster is too busy if so many fail in a row.
        /// </summary>
        public const int MaximumFinalChecks = 10;

        /// <summary>
        /// Time for all voters to answer the final check. A status comes from memory, so a slower voter is busy, and
        /// the answers of the others are too old.
        /// </summary>
        public static readonly TimeSpan FinalCheckTime = TimeSpan.FromSeconds(1);

        /// <summary>The same limit if each status needs a program on the member's host.</summary>
        public static readonly TimeSpan FinalCheckProgramTime = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Longest random delay before a final check without a lock. Two runs that start together must not check
        /// together.
        /// </summary>
        public static readonly TimeSpan DelayWithoutLock = TimeSpan.FromSeconds(3);

        /// <summary>
        /// Time to open the connection for the request. ssh and port-forwards need several round trips.
        /// </summary>
        public static readonly TimeSpan PrepareTime = TimeSpan.FromSeconds(10);

        /// <summary>Time to read the member's metrics before and after.</summary>
        public static readonly TimeSpan MetricsTime = TimeSpan.FromSeconds(5);

        /// <summary>Bytes by which a file may grow. It can grow by a few pages even if nothing was reclaimed.</summary>
        public const long GrowthTolerance = 1024 * 1024;

        /// <summary>Free bytes below which a member is skipped without a rule.</summary>
        public const long NegligibleBytes = 16L * 1024 * 1024;

        /// <summary>Free share of the file below which a member is skipped without a rule.</summary>
        public const double NegligibleRatio = 0.05;

        /// <summary>Share of the quota that a defragmentation must return to help against NOSPACE.</summary>
        public const double UsefulShareOfQuota = 0.1;

        /// <summary>Interval between two checks after the answer of a defragmentation was lost.</summary>
        public static readonly TimeSpan CompletionPollInterval = TimeSpan.FromMilliseconds(500);

        /// <summary>Time for each of these checks.</summary>
        public static readonly TimeSpan CompletionTime = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Idle answers in a row until this search ends. A member that was suspended can begin the request that is in
        /// its socket after it answers again.
        /// </summary>
        public const int IdleSamples = 6;

        /// <summary>Time to find out whether the member's process has restarted.</summary>
        public static readonly TimeSpan RestartCheckTime = TimeSpan.FromSeconds(3);

        /// <summary>Stable samples in a row after which the next member may start.</summary>
        public const int StableSamples = 3;

        /// <summary>Interval between two of these samples.</summary>
        public static readonly TimeSpan StablePollInterval = TimeSpan.FromMilliseconds(100);

        /// <summary>Time for one of these samples.</summary>
        public static readonly TimeSpan StableTime = TimeSpan.FromSeconds(10);

        /// <summary>Time to read the metrics for one of these samples.</summary>
        public static readonly TimeSpan StableMetricsTime = TimeSpan.FromSeconds(3);

        /// <summary>
        /// Longest wait for a voter that is behind. A slow disk may have to apply the writes of minutes.
        /// </summary>
        public static readonly TimeSpan BacklogWait = TimeSpan.FromMinutes(2);

        /// <summary>Longest wait for a voter that does not answer. After that it is down, not busy.</summary>
        public static readonly TimeSpan SilenceWait = TimeSpan.FromSeconds(30);

        /// <summary>Interval between the reads that measure stalls.</summary>
        public static readonly TimeSpan StallPollInterval = TimeSpan.FromMilliseconds(200);

        /// <summary>Time limit of such a read.</summary>
        public static readonly TimeSpan StallReadTime = TimeSpan.FromSeconds(15);

        /// <summary>
        /// Duration from which a read counts as stalled, and from which a ping measures the delay of the access.
        /// </summary>
        public static readonly TimeSpan NoticeableStall = TimeSpan.FromMilliseconds(100);

        /// <summary>
        /// Time for the first read, which is not measured. The start of a process must not count as a stall.
        /// </summary>
        public static readonly TimeSpan StallReadyTime = TimeSpan.FromSeconds(1);

        /// <summary>
        /// Interval of the search for other defragmentations. Metrics cost a member more than a light read.
        /// </summary>
        public static readonly TimeSpan OverlapPollInterval = TimeSpan.FromSeconds(2);

        /// <summary>Time for one of these searches.</summary>
        public static readonly TimeSpan OverlapTime = TimeSpan.FromSeconds(3);

        /// <summary>The same limit if each request needs a program on the member's host.</summary>
        public static readonly TimeSpan OverlapProgramTime = TimeSpan.FromSeconds(10);

        /// <summary>Interval of the warning that repeats after a stop was requested.</summary>
        public static readonly TimeSpan StopNoticeInterval = TimeSpan.FromSeconds(30);
    }

    /// <summary>The leader-election leases of Kubernetes.</summary>
    internal static class Leases
    {
        /// <summary>Leases in one page. A lease has less than 1 KB, and a page over etcdctl is base64.</summary>
        public const int PageSize = 500;

        /// <summary>
        /// Leases that are read at most. A large cluster has some hundreds without those of its nodes; with more than
        /// this, they are unknown, so that a read stays cheap.
        /// </summary>
        public const int MaximumCount = 10_000;

        /// <summary>Time for one page.</summary>
        public static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(10);

        /// <summary>
        /// Pause from which the run waits for renewals. A holder gives a lease up after 10 s without a renewal
        /// (client-go: RenewDeadline), and its last renewal may have been some seconds before the pause.
        /// </summary>
        public static readonly TimeSpan RenewalWaitThreshold = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Longest wait for these renewals. Another candidate takes a lease 15 s after it has seen the last renewal
        /// (client-go: LeaseDuration).
        /// </summary>
        public static readonly TimeSpan RenewalWait = TimeSpan.FromSeconds(15);

        /// <summary>
        /// Interval of the reads in this wait. A holder renews a lease every 2 s (client-go: RetryPeriod).
        /// </summary>
        public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

        /// <summary>
        /// Age of a renewal, compared with the newest renewal of all leases, up to which the run waits for the next
        /// one. In many clusters, leases remain whose holders no longer exist.
        /// </summary>
        public static readonly TimeSpan LiveAge = TimeSpan.FromSeconds(60);

        /// <summary>
        /// Time without a renewal after which a lease that gets another holder was not lost: its holder had stopped
        /// before the pause. The longest known lease duration is 270 s (OpenShift on one node).
        /// </summary>
        public static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(5);

        /// <summary>
        /// Leases that show the time of a revision. One that is renewed is enough, and some have no holder any more.
        /// </summary>
        public const int ClockSample = 50;

        /// <summary>
        /// Time without any renewal, by the clock of this machine, after which no API server accepts renewals. The
        /// clocks of two machines rarely differ by so much.
        /// </summary>
        public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(10);

        /// <summary>Leases that a message names. The report contains all of them.</summary>
        public const int Named = 5;
    }

    /// <summary>Compactions.</summary>
    internal static class Compaction
    {
        /// <summary>
        /// Longest wait for a compaction on one member. etcd pauses 10 ms after every 1,000 revisions, so ten million
        /// revisions take minutes (etcd: kvstore_compaction.go).
        /// </summary>
        public static readonly TimeSpan Wait = TimeSpan.FromMinutes(30);

        /// <summary>
        /// Shortest time over which the rate of the writes is measured. A shorter one would show a burst or a gap.
        /// </summary>
        public static readonly TimeSpan RateTime = TimeSpan.FromSeconds(3);

        /// <summary>
        /// Part of the kept revisions by which the search may keep too many. Each step of the search reads leases.
        /// </summary>
        public const int RetentionPrecision = 10;

        /// <inheritdoc cref="MaintenanceThresholds.LongHistory"/>
        public const long LongHistory = MaintenanceThresholds.LongHistory;

        /// <inheritdoc cref="MaintenanceThresholds.UsualHistory"/>
        public static readonly TimeSpan UsualHistory = MaintenanceThresholds.UsualHistory;

        /// <summary>
        /// Revisions after the last record of the API server from which the rate of the writes can show that the record
        /// is old. Fewer can be one burst.
        /// </summary>
        public const long LongestBurst = 100_000;

        /// <summary>
        /// Time without a record of the API server after which it no longer compacts. It writes one every five minutes
        /// by default (kubernetes: compact.go, --etcd-compaction-interval).
        /// </summary>
        public static readonly TimeSpan ApiServerSilence = TimeSpan.FromMinutes(15);

        /// <summary>The same as a number of its intervals, if an operator made them longer.</summary>
        public const int ApiServerSilentIntervals = 3;
    }

    /// <summary>Alarms.</summary>
    internal static class Alarms
    {
        /// <summary>
        /// Observation after an alarm was cleared. The first refused write arms it again, and a busy cluster writes
        /// many times in this time.
        /// </summary>
        public static readonly TimeSpan RearmTime = TimeSpan.FromSeconds(3);

        /// <summary>Interval between two reads of the alarms in this time.</summary>
        public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    }

    /// <summary>Transfers of leadership.</summary>
    internal static class Leadership
    {
        /// <summary>
        /// Time for a transfer of leadership. A transfer takes about 0.1 s; without a deadline the server tries forever
        /// (etcd: server.go).
        /// </summary>
        public static readonly TimeSpan TransferTime = TimeSpan.FromSeconds(5);

        /// <summary>Interval between two checks until the new leader is known.</summary>
        public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    }

    /// <summary>Snapshots.</summary>
    internal static class Snapshots
    {
        /// <summary>Longest wait of a snapshot for the lock of another run.</summary>
        public static readonly TimeSpan LockWait = TimeSpan.FromMinutes(30);

        /// <summary>Interval between two tries to take this lock.</summary>
        public static readonly TimeSpan LockPollInterval = TimeSpan.FromSeconds(2);

        /// <summary>Time for the member to apply what the cluster has committed.</summary>
        public static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(5);

        /// <summary>Interval of the progress.</summary>
        public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

        /// <summary>
        /// Bytes that are written between two flushes. The end of the file must not wait for the whole disk.
        /// </summary>
        public const long FlushBytes = 32 << 20;

        /// <summary>
        /// Bytes of the file for each second that the hash of a member may take beyond the time limit of a call: the
        /// rate of a slow disk.
        /// </summary>
        public const long HashBytesPerSecond = 32 << 20;
    }

    /// <summary>When a cluster has changed too much for its plan.</summary>
    internal static class Plans
    {
        /// <summary>
        /// Share by which the size of a member may change, if the change is not negligible. The predicted pause and
        /// gain follow from the sizes.
        /// </summary>
        public const double MaximumSizeChange = 0.2;
    }

    /// <summary>When a health check reports something.</summary>
    internal static class Health
    {
        /// <summary>
        /// Share of the quota from which live data is reported. No maintenance keeps such a cluster writable.
        /// </summary>
        public const double LiveDataOverQuota = 0.9;

        /// <summary>Revisions above the compacted one up to which the bytes in use count as live data.</summary>
        public const long ShortHistory = 1000;

        /// <inheritdoc cref="MaintenanceThresholds.NearQuota"/>
        public const double NearQuota = MaintenanceThresholds.NearQuota;

        /// <summary>
        /// Free share of the file from which it is reported as fragmented. The alert of etcd fires when less than half
        /// of the file is in use, from 100 MiB in use on (etcd: contrib/mixin/alerts).
        /// </summary>
        public const double FragmentedRatio = 0.5;

        /// <summary>Free bytes from which a file is reported as fragmented.</summary>
        public const long FragmentedBytes = 100L * 1024 * 1024;

        /// <summary>Remaining validity of a certificate from which it is reported.</summary>
        public static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(30);

        /// <summary>Remaining validity of a certificate from which the report is a warning.</summary>
        public static readonly TimeSpan CertificateWarning = TimeSpan.FromDays(7);
    }

    /// <summary>How an upgrade is checked.</summary>
    internal static class Upgrades
    {
        /// <summary>
        /// Bytes in use up to which each member computes its hash, if the hashes from the last compaction are not
        /// comparable. A member answers no other request for about 2 s per GB.
        /// </summary>
        public const long HashedBytes = 1L << 30;
    }

    /// <summary>How the space usage is read.</summary>
    public static class Space
    {
        /// <summary>Spans in one call. etcd allows 128 operations in a transaction by default.</summary>
        public const int SpansPerCall = 128;

        /// <summary>
        /// Writes per second of other clients from which a run reads with one call at a time and makes pauses. A
        /// small Kubernetes cluster that is idle has fewer.
        /// </summary>
        public const double BusyWritesPerSecond = 100;

        /// <summary>
        /// Time over which a rate of writes is computed at least. In less, a few writes seem to be many.
        /// </summary>
        public static readonly TimeSpan MinimumRateTime = TimeSpan.FromMilliseconds(50);

        /// <summary>Longest pause after a call. Calls that take longer wait for programs, not for a member.</summary>
        public static readonly TimeSpan MaximumPause = TimeSpan.FromMilliseconds(100);

        /// <summary>Revisions that a follower may be behind the others and still be read.</summary>
        public const long MaximumLag = 1000;

        /// <summary>How long a follower has time to apply the revision that is read.</summary>
        public static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(5);

        /// <summary>Interval at which a follower is asked again whether it has applied the revision.</summary>
        public static readonly TimeSpan CatchUpInterval = TimeSpan.FromMilliseconds(20);

        /// <summary>Keys up to which the keys of a span are read instead of its groups.</summary>
        public const long SmallSpan = 64;

        /// <summary>
        /// Keys from which a span is divided by the characters of its keys. Below, the walk through its index costs
        /// less than the additional spans.
        /// </summary>
        public const long LargeSpan = 2000;

        /// <summary>Keys in one page.</summary>
        public const int KeysPerPage = 1000;

        /// <summary>
        /// Keys in the first page of a span that is read completely. Their sizes determine the next pages.
        /// </summary>
        public const int KeysInFirstPage = 16;

        /// <summary>Keys of a span up to which reading it in pages costs little for the walks of etcd.</summary>
        public const long KeysPerWalk = 5000;

        /// <summary>Namespaces that are asked for by name. More are found one by one.</summary>
        public const int MaximumNamespaces = 10_000;

        /// <summary>Leaves of a sample in one call. Each has few keys.</summary>
        public const int LeavesPerCall = 32;

        /// <summary>Pages with values in one call, so that a reply remains small.</summary>
        public const int PagesPerCall = 4;

        /// <summary>Bytes of values in one page. Several pages are in memory at the same time.</summary>
        public const long PageBytes = 256 * 1024;

        /// <summary>Bytes of values in one leaf of a sample.</summary>
        public const long LeafBytes = 32 * 1024;

        /// <summary>
        /// Leaves for which a sample has bytes. They are smaller than <see cref="LeafBytes"/> in a small sample, so
        /// that each of the largest groups has enough draws to be estimated by itself.
        /// </summary>
        public const int Leaves = 160;

        /// <summary>Keys in one leaf of a sample.</summary>
        public const int MaximumLeafKeys = 32;

        /// <summary>Draws from which the mean and the error of a group are its own.</summary>
        public const int MinimumDraws = 6;

        /// <summary>Keys that are measured first in some groups of each resource.</summary>
        public const int ScaleKeys = 1;

        /// <summary>Groups of which the first keys are read in one call. Their values can be large.</summary>
        public const int ScalesPerCall = 8;

        /// <summary>Share of all bytes from which a resource is drawn from.</summary>
        public const double SampledShare = 0.005;

        /// <summary>Share of the sample that is spread over the resources.</summary>
        public const double FirstShare = 0.2;

        /// <summary>Rounds in which the largest groups are drawn from again.</summary>
        public const int Rounds = 3;

        /// <summary>Groups whose error the sample reduces. The user looks at the largest ten.</summary>
        public const int RefinedGroups = 12;

        /// <summary>
        /// Standard error of a group, as a ratio, that is small enough. Four of them are less than 5 %.
        /// </summary>
        public const double StandardError = 0.012;

        /// <summary>Share of the data that the sample reads.</summary>
        public const double SampleShare = 0.0115;

        /// <summary>Bytes that a sample may read even of a small database.</summary>
        public const long MinimumSampleBytes = 4 * 1024 * 1024;

        /// <summary>Bytes that a sample reads at most.</summary>
        public const long MaximumSampleBytes = 32 * 1024 * 1024;

        /// <summary>Bytes of a database that is read completely.</summary>
        public const long SmallDatabase = 8 * 1024 * 1024;

        /// <summary>
        /// Time to find the largest resources in a health check. They are additional information, so the check does
        /// not wait longer for them. Where each call starts a program, the reads take some seconds.
        /// </summary>
        public static readonly TimeSpan LargestTime = TimeSpan.FromSeconds(10);

        /// <summary>Bytes that a health check reads to find the largest resources. Only their order matters.</summary>
        public const long LargestSampleBytes = 4 * 1024 * 1024;

        /// <summary>Resources in a report. Those that follow are small in comparison.</summary>
        public const int LargestCount = 10;

        /// <summary>Interval of the progress while keys are watched.</summary>
        public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    }
}
