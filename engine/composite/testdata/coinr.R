# Builds the ASEM example with the R package COINr, as the benchmark BenchmarkCOINr asks for:
#   Rscript coinr.R FOLDER_OF_THE_DATA SCORES.csv RUNS
# It writes the scores of all levels and prints for each run the seconds by the clock and of the processor.
suppressMessages(library(COINr))
args <- commandArgs(trailingOnly = TRUE)
values <- read.csv(file.path(args[1], "ASEM_iData.csv"), check.names = FALSE)
about <- read.csv(file.path(args[1], "ASEM_iMeta.csv"), check.names = FALSE)

steps <- function(coin) {
  coin <- Denominate(coin, dset = "Raw")
  coin <- Impute(coin, dset = "Denominated", f_i = "i_mean_grp", use_group = "EurAsia_group")
  coin <- Screen(coin, dset = "Imputed", unit_screen = "byNA", dat_thresh = 0.9)
  coin <- qTreat(coin, dset = "Screened", winmax = 5, skew_thresh = 2, kurt_thresh = 3.5, f2 = "log_CT")
  coin <- Normalise(coin, dset = "Treated",
                    global_specs = list(f_n = "n_minmax", f_n_para = list(l_u = c(1, 100))))
  Aggregate(coin, dset = "Normalised", f_ag = "a_amean")
}

quiet <- function(x) suppressWarnings(suppressMessages(x))
used <- function() c(proc.time()[["elapsed"]], sum(proc.time()[c("user.self", "sys.self")]))
for (i in seq_len(as.integer(args[3]))) {
  begun <- used()
  coin <- quiet(steps(new_coin(values, about, quietly = TRUE)))
  cat(sprintf("time %.6f %.6f\n", used()[1] - begun[1], used()[2] - begun[2]))
}
cat(sprintf("version COINr %s, R %s.%s\n", packageVersion("COINr"), R.version$major, R.version$minor))
scores <- get_dset(coin, dset = "Aggregated")
number <- vapply(scores, is.numeric, TRUE)
scores[number] <- lapply(scores[number], function(x) formatC(x, digits = 17, format = "g"))
write.csv(scores, args[2], row.names = FALSE, quote = FALSE)
