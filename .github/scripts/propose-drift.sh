#!/usr/bin/env bash
# Opens or updates the pull request with the files of `drift.sh`, if the report is not the one in openapi/evidence/drift.txt.
# `propose-drift.sh FOLDER`. Needs GH_TOKEN, and keeps other people's commits on an open pull request.
set -euo pipefail
folder=$(realpath "$1")
cd "$(dirname "$0")/../.."
branch=vendor-drift
file=openapi/evidence/drift.txt

# Not that of a fork with a branch of the same name.
number=$(gh pr list --head "$branch" --state open --json number,isCrossRepository \
    --jq 'map(select(.isCrossRepository | not)) | .[0].number // empty')

if cmp --silent "$folder/report.txt" "$file"; then
    echo "There is nothing new: the report is the one in $file."
    if [ -n "$number" ]; then
        gh pr close "$number" --comment "The report is the one in \`$file\` again."
    fi
    exit
fi

git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
push=(git -c credential.helper= -c "credential.helper=!gh auth git-credential" push origin "HEAD:refs/heads/$branch")
if [ -n "$number" ]; then
    git fetch origin "refs/heads/$branch"
    git switch --quiet --force-create "$branch" FETCH_HEAD
else
    git switch --quiet --force-create "$branch"
    # What a closed pull request has left.
    push+=(--force)
fi
mkdir -p "$(dirname "$file")"
cp "$folder/report.txt" "$file"
git add "$file"
if ! git diff --cached --quiet; then
    git commit --quiet --message "Drift report of Prolific's document"
    "${push[@]}"
fi

if [ -n "$number" ]; then
    gh api --silent --method PATCH "repos/{owner}/{repo}/pulls/$number" --field body=@"$folder/body.md"
else
    gh pr create --base main --head "$branch" --title "Drift of Prolific's document" --body-file "$folder/body.md"
fi
